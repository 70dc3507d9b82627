package main

import (
	"fmt"
	"regexp"
	"strings"
)

// packageVersion matches the Python versions (PEP 440) that a provider's SDK can carry: no epoch, no local part.
var packageVersion = regexp.MustCompile(
	`^(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.post(\d+))?(?:\.dev(\d+))?$`)

var preReleases = map[string]string{"a": "alpha", "b": "beta", "rc": "rc"}

// pluginVersion turns a Python package's version into the semantic version of its plugin: 1.2 is 1.2.0, 1.2.3a4 is
// 1.2.3-alpha.4, 1.2.3.post4.dev5 is 1.2.3+post4dev5.
func pluginVersion(version string) (string, error) {
	parts := packageVersion.FindStringSubmatch(version)
	if parts == nil {
		return "", fmt.Errorf("no plugin version follows from the package version %q", version)
	}
	release := parts[1]
	for strings.Count(release, ".") < 2 {
		release += ".0"
	}
	if parts[2] != "" {
		release += "-" + preReleases[parts[2]] + "." + parts[3]
	}
	build := ""
	if parts[4] != "" {
		build += "post" + parts[4]
	}
	if parts[5] != "" {
		build += "dev" + parts[5]
	}
	if build != "" {
		release += "+" + build
	}
	return release, nil
}

func withLeadingV(version string) string {
	return "v" + strings.TrimPrefix(version, "v")
}

// trimPackagePrefix is the provider's name: pulumi-aws is aws.
func trimPackagePrefix(name string) string {
	return strings.TrimPrefix(name, "pulumi-")
}
