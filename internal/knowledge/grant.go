package knowledge

import "slices"

// HostGrant tells that images are documented to be started with rights that services should not have otherwise.
type HostGrant struct {
	Images []string `yaml:"images"`
	// Grants are the attribute and the value, as in "pid: host" and "security_opt: apparmor=unconfined"; a mount is its
	// source, with ":ro" where it needs to be read alone.
	Grants     []string `yaml:"grants"`
	Provenance `yaml:",inline"`
}

// IsDocumentedGrant tells that the documentation of an image asks for a grant.
func IsDocumentedGrant(img Image, grant string) bool {
	return slices.ContainsFunc(grantTable, func(known HostGrant) bool {
		return slices.Contains(known.Grants, grant) && slices.ContainsFunc(known.Images, img.Matches)
	})
}
