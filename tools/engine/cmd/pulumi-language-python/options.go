package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/fsutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// role tells what is run in an environment: plugins never fall back to the ambient Python.
type role int

const (
	program role = iota
	pluginProgram
)

const (
	// defaultEnvironment is where poetry (in-project) and uv keep a project's environment.
	defaultEnvironment = ".venv"
	// pluginEnvironment is where a source-based plugin without options has its environment.
	pluginEnvironment = "venv"
)

// parseOptions reads `runtime.options` of Pulumi.yaml: virtualenv, toolchain and typechecker.
func parseOptions(info *pulumirpc.ProgramInfo, as role) (toolchain.PythonOptions, error) {
	options := toolchain.PythonOptions{Root: info.GetRootDirectory(), ProgramDir: info.GetProgramDirectory()}
	raw := info.GetOptions().AsMap()

	virtualenv, err := textOption(raw, "virtualenv")
	if err != nil {
		return options, err
	}
	options.Virtualenv = virtualenv

	switch manager, err := textOption(raw, "toolchain"); {
	case err != nil:
		return options, err
	case manager == "":
		options.Toolchain = toolchain.Auto
	case manager == "pip":
		options.Toolchain = toolchain.Pip
	case manager == "poetry":
		options.Toolchain = toolchain.Poetry
	case manager == "uv":
		options.Toolchain = toolchain.Uv
	default:
		return options, fmt.Errorf("unsupported toolchain option: %s (use pip, poetry or uv)", manager)
	}

	switch checker, err := textOption(raw, "typechecker"); {
	case err != nil:
		return options, err
	case checker == "":
		options.Typechecker = toolchain.TypeCheckerNone
	case checker == "mypy":
		options.Typechecker = toolchain.TypeCheckerMypy
	case checker == "pyright":
		options.Typechecker = toolchain.TypeCheckerPyright
	default:
		return options, fmt.Errorf("unsupported typechecker option: %s (use mypy or pyright)", checker)
	}

	managed := options.Toolchain == toolchain.Poetry || options.Toolchain == toolchain.Uv
	if as == pluginProgram && !managed && options.Virtualenv == "" {
		options.Virtualenv = pluginEnvironment
	}
	return options, nil
}

func textOption(raw map[string]any, name string) (string, error) {
	value, set := raw[name]
	if !set {
		return "", nil
	}
	text, ok := value.(string)
	if !ok {
		return "", fmt.Errorf("%s option must be a string, got %v", name, value)
	}
	return text, nil
}

// resolveEnvironment finds the Python that a project runs with: its `virtualenv` option; what its package manager
// keeps; the active environment (VIRTUAL_ENV); python3 or python on PATH.
func resolveEnvironment(options toolchain.PythonOptions) (toolchain.Toolchain, error) {
	if usesAmbientPython(options) {
		if active := os.Getenv("VIRTUAL_ENV"); active != "" && toolchain.IsVirtualEnv(active) {
			return activate(options, active)
		}
	}
	environment, err := toolchain.ResolveToolchain(options)
	if err == nil {
		return environment, nil
	}
	// A checkout that poetry or uv has installed runs without the package manager itself being on PATH.
	installed, findErr := fsutil.Searchup(options.ProgramDir, defaultEnvironment)
	if findErr == nil && toolchain.IsVirtualEnv(installed) {
		return activate(options, installed)
	}
	return nil, err
}

func activate(options toolchain.PythonOptions, virtualenv string) (toolchain.Toolchain, error) {
	options.Toolchain = toolchain.Pip
	options.Virtualenv = virtualenv
	return toolchain.ResolveToolchain(options)
}

// usesAmbientPython reports whether neither an option nor a lock file says which environment a program runs in.
func usesAmbientPython(options toolchain.PythonOptions) bool {
	if options.Virtualenv != "" {
		return false
	}
	switch options.Toolchain {
	case toolchain.Pip:
		return true
	case toolchain.Auto:
		return !hasLockFile(options.ProgramDir, "uv.lock") && !hasLockFile(options.ProgramDir, "poetry.lock")
	default:
		return false
	}
}

func hasLockFile(folder, name string) bool {
	found, err := fsutil.Searchup(filepath.Clean(folder), name)
	return found != "" && !errors.Is(err, fsutil.ErrNotFound)
}
