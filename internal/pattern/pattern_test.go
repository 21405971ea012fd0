package pattern

import "testing"

func TestPatternIsCompiledOnce(t *testing.T) {
	digits := New(`^[0-9]+$`)
	if first, second := digits(), digits(); first != second {
		t.Error("the expression was compiled twice")
	}
	if !digits().MatchString("2375") || digits().MatchString("tcp") {
		t.Error("the pattern does not match what its expression says")
	}
}

func TestMalformedPatternPanicsAtItsUse(t *testing.T) {
	malformed := New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("a malformed expression was compiled")
		}
	}()
	malformed()
}
