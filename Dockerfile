# One static program and nothing else. Run it on the working directory as the user who owns that:
#
#   docker build --tag composelint .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" composelint docker-compose.yaml

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -o /composelint ./cmd/composelint

FROM scratch
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /composelint /composelint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/composelint"]
