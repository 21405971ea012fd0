#!/bin/sh
# Starts as Airflow's image does: with a look at the group. The image's own user may have any, others only group 0.
# https://airflow.apache.org/docs/docker-stack/entrypoint.html#allowing-arbitrary-user-to-run-the-container
group=$(id -g)
user=$(id -u)
if [ "$group" != 0 ] && [ "$user" = 50000 ]; then
	echo "WARNING! You should run the image with GID set to 0" >&2
elif [ "$group" != 0 ]; then
	echo "ERROR! You should run the image with GID=0" >&2
	exit 1
fi
if [ "$1" = version ]; then
	echo 2.10.5
	exit
fi
exec /client run -env DOCKER_HOST
