package rules

import (
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// recipeOf returns what is known about running a service's image more safely. It is false where the service starts
// another program than the one that the image is known for.
func recipeOf(s compose.Service) (knowledge.Recipe, bool) {
	recipe, known := knowledge.RecipeFor(imageOf(s))
	if !known || !s.Get("build").IsNull() || !s.Get("entrypoint").IsNull() {
		return knowledge.Recipe{}, false
	}
	command := commandWords(s.Get("command"))
	isOwn := len(command) == 0 || strings.HasPrefix(command[0], "-") || command[0] == recipe.Program
	return recipe, isOwn
}
