package patch

import (
	"errors"
	"fmt"

	"composelint/internal/source"
)

// ErrUnsupported is wrapped by every error of the edit builders: the place is written in a way that cannot be changed
// without a risk for what stands around it. The finding stays; its fix is dropped or left to a person.
var ErrUnsupported = errors.New("cannot be edited safely")

// refuse returns an ErrUnsupported that names the line of the offset and the reason.
func refuse(f *source.File, offset int, format string, args ...any) error {
	return fmt.Errorf("line %d %w: %s", f.Position(offset).Line, ErrUnsupported, fmt.Sprintf(format, args...))
}

// refuseValue returns an ErrUnsupported for new content that cannot be written at all.
func refuseValue(format string, args ...any) error {
	return fmt.Errorf("the new value %w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}
