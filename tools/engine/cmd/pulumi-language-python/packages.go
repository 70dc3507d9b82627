package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// listPackages prints the Pulumi packages of the Python that runs it. It reads folder names and pulumi-plugin.json
// files only: `pip list` takes half a second, and every preview waits for this answer.
//
//go:embed list_packages.py
var listPackages string

// installedPackage is one line of listPackages' answer.
type installedPackage struct {
	Name    string                   `json:"name"`
	Version string                   `json:"version"`
	Plugin  *plugin.PulumiPluginJSON `json:"plugin"`
}

// GetRequiredPackages names the provider plugins that the installed packages want, so that the engine can find them
// before the program runs.
func (h *host) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	options, err := parseOptions(request.GetInfo(), program)
	if err != nil {
		return nil, err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return nil, err
	}
	// A project whose environment is not there yet gets it now, and says so while it is installed.
	progress := h.engineWriter(ctx, pulumirpc.LogSeverity_INFO)
	failures := h.engineWriter(ctx, pulumirpc.LogSeverity_ERROR)
	err = environment.EnsureVenv(ctx, options.ProgramDir, false, true, progress, failures)
	if err != nil {
		return nil, err
	}
	if err := environment.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	command, err := environment.Command(ctx, "-c", listPackages)
	if err != nil {
		return nil, err
	}
	command.Dir = options.ProgramDir
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the Pulumi packages that %s has installed: %w", command.Path, err)
	}
	packages := []*pulumirpc.PackageDependency{}
	var installed []installedPackage
	if err := json.Unmarshal(output, &installed); err != nil {
		return nil, fmt.Errorf("reading the list of installed Pulumi packages: %w", err)
	}
	for _, one := range installed {
		if required := requiredPlugin(one); required != nil {
			packages = append(packages, required)
		}
	}
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, nil
}

// requiredPlugin is the plugin behind a package; nil when the package says that it has none, or when its version
// cannot be turned into a plugin's.
func requiredPlugin(installed installedPackage) *pulumirpc.PackageDependency {
	described := installed.Plugin
	if described == nil {
		described = &plugin.PulumiPluginJSON{Resource: true}
	}
	if !described.Resource {
		return nil
	}
	name, version := described.Name, described.Version
	if name == "" {
		name = trimPackagePrefix(installed.Name)
	}
	if version == "" {
		derived, err := pluginVersion(installed.Version)
		if err != nil {
			return nil
		}
		version = derived
	}
	return &pulumirpc.PackageDependency{
		Name:             name,
		Version:          withLeadingV(version),
		Kind:             "resource",
		Server:           described.Server,
		Parameterization: parameterization(described.Parameterization),
		Extension:        parameterization(described.ExtensionParameterization),
	}
}

func parameterization(described *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if described == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{
		Name:    described.Name,
		Version: described.Version,
		Value:   described.Value,
	}
}

// GetProgramDependencies lists a program's Python packages for `pulumi about`.
func (h *host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	options, err := parseOptions(request.GetInfo(), program)
	if err != nil {
		return nil, err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return nil, err
	}
	installed, err := environment.ListPackages(ctx, request.GetTransitiveDependencies())
	if err != nil {
		return nil, fmt.Errorf("listing the program's dependencies: %w", err)
	}
	dependencies := make([]*pulumirpc.DependencyInfo, 0, len(installed))
	for _, one := range installed {
		dependencies = append(dependencies, &pulumirpc.DependencyInfo{Name: one.Name, Version: one.Version})
	}
	return &pulumirpc.GetProgramDependenciesResponse{Dependencies: dependencies}, nil
}
