package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// exitAlreadyReported is the executor's exit code for "the error was shown to the user, add nothing".
const exitAlreadyReported = 32

// Run executes one program against the engine's resource monitor and waits for it.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if h.engineAddress == "" {
		return nil, errors.New("the engine must call Handshake before Run")
	}
	if request.GetAttachDebugger() {
		return &pulumirpc.RunResponse{Error: "this language host cannot attach a debugger; " +
			"install the official Pulumi CLI to use --attach-debugger"}, nil
	}
	options, err := parseOptions(request.GetInfo(), program)
	if err != nil {
		return nil, err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return nil, err
	}
	if err := environment.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	if err := typecheck(ctx, environment, options); err != nil {
		return nil, err
	}

	// The program ends with the request, with Cancel, and with the host, whichever comes first.
	running, end := context.WithCancel(h.programs)
	defer end()
	defer context.AfterFunc(ctx, end)()
	h.running.Add(1)
	defer h.running.Done()

	command, err := environment.Command(running, h.executorArguments(request)...)
	if err != nil {
		return nil, err
	}
	if command.Env, err = programEnvironment(command.Env, request); err != nil {
		return nil, err
	}
	command.Stdout = os.Stdout // the engine reads this process's own streams
	return runResult(runInterruptible(running, command, os.Stderr))
}

func runResult(err error) (*pulumirpc.RunResponse, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("problem executing program: %v", err)}, nil
	case exit.ExitCode() == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case exit.ExitCode() > 0:
		return &pulumirpc.RunResponse{
			Error: fmt.Sprintf("program exited with non-zero exit code: %d", exit.ExitCode()),
		}, nil
	default: // ended by a signal
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited unexpectedly: %v", exit)}, nil
	}
}

// executorArguments is the executor's command line; an option without a value is left out.
func (h *host) executorArguments(request *pulumirpc.RunRequest) []string {
	arguments := []string{h.executor}
	for _, option := range []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", h.engineAddress},
		{"project", request.GetProject()},
		{"root_directory", request.GetInfo().GetRootDirectory()},
		{"stack", request.GetStack()},
		{"pwd", request.GetPwd()},
		{"dry_run", strconv.FormatBool(request.GetDryRun())},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
		{"organization", request.GetOrganization()},
	} {
		if option.value != "" {
			arguments = append(arguments, "--"+option.name, option.value)
		}
	}
	arguments = append(arguments, request.GetInfo().GetEntryPoint())
	return append(arguments, request.GetArgs()...)
}

// programEnvironment adds the stack's configuration, which the SDK reads from these two variables. Values travel in
// the environment and never on the command line, which other users of the machine can read.
func programEnvironment(base []string, request *pulumirpc.RunRequest) ([]string, error) {
	if base == nil {
		base = os.Environ()
	}
	secretKeys := request.GetConfigSecretKeys()
	if secretKeys == nil {
		secretKeys = []string{}
	}
	keys, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, fmt.Errorf("writing the names of the secret configuration keys: %w", err)
	}
	environment := append(base, "PULUMI_CONFIG_SECRET_KEYS="+string(keys))
	if request.GetConfig() != nil {
		values, err := json.Marshal(request.GetConfig())
		if err != nil {
			return nil, fmt.Errorf("writing the configuration: %w", err)
		}
		environment = append(environment, "PULUMI_CONFIG="+string(values))
	}
	return environment, nil
}

// typecheck runs the checker that `runtime.options.typechecker` names, before the program.
func typecheck(ctx context.Context, environment toolchain.Toolchain, options toolchain.PythonOptions) error {
	var arguments []string
	switch options.Typechecker {
	case toolchain.TypeCheckerMypy:
		virtualenv, err := environment.VirtualEnvPath(ctx)
		if err != nil {
			return err
		}
		if virtualenv != "" {
			if virtualenv, err = filepath.Rel(options.ProgramDir, virtualenv); err != nil {
				return err
			}
			arguments = append(arguments, "--exclude", virtualenv)
		}
		return runChecker(ctx, environment, options.ProgramDir, "mypy", append(arguments, options.ProgramDir))
	case toolchain.TypeCheckerPyright:
		return runChecker(ctx, environment, options.ProgramDir, "pyright", []string{options.ProgramDir})
	default:
		return nil
	}
}

func runChecker(
	ctx context.Context, environment toolchain.Toolchain, folder, module string, arguments []string,
) error {
	command, err := environment.ModuleCommand(ctx, module, arguments...)
	if err != nil {
		return err
	}
	var output bytes.Buffer
	command.Dir = folder
	command.Stdout = io.MultiWriter(os.Stdout, &output)
	command.Stderr = io.MultiWriter(os.Stderr, &output)
	if err := command.Run(); err != nil {
		return fmt.Errorf("the typechecker option asks for %s, which failed (%w); "+
			"add it to the project's requirements if it is not installed:\n%s", module, err, output.String())
	}
	return nil
}
