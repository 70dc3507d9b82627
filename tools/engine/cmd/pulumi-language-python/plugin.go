package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// RunPlugin runs a Python program that is itself a plugin: a component provider or a policy pack. It streams the
// program's output and ends with its exit code.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if request.GetAttachDebugger() {
		return errors.New("this language host cannot attach a debugger to a plugin")
	}
	isPolicyPack := request.GetKind() == string(apitype.AnalyzerPlugin)
	as := pluginProgram
	if isPolicyPack {
		as = program
	}
	options, err := parseOptions(request.GetInfo(), as)
	if err != nil {
		return err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return err
	}
	h.running.Add(1)
	defer h.running.Done()
	ctx, end := context.WithCancel(server.Context())
	defer end()
	defer context.AfterFunc(h.programs, end)()

	command, err := pluginCommand(ctx, environment, options, request)
	if err != nil {
		return err
	}
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(command.Env, request.GetEnv()...)
	interruptFirst(command)

	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	command.Stderr = stderr
	if isPolicyPack {
		command.Dir = options.ProgramDir
		err = runPolicyPack(ctx, command, stdout)
	} else {
		command.Dir = request.GetPwd()
		command.Stdout = stdout
		err = command.Run()
	}
	return pluginResult(err, closer, server)
}

// pluginCommand tells apart the three forms that a plugin comes in: a policy pack; a folder with a __main__.py; a
// buildable package, whose components the SDK itself finds and serves.
func pluginCommand(
	ctx context.Context, environment toolchain.Toolchain, options toolchain.PythonOptions,
	request *pulumirpc.RunPluginRequest,
) (*exec.Cmd, error) {
	if request.GetKind() == string(apitype.AnalyzerPlugin) {
		arguments := append([]string{"-u", "-m", "pulumi.policy"}, request.GetArgs()...)
		return environment.Command(ctx, append(arguments, options.ProgramDir)...)
	}
	if _, err := os.Stat(filepath.Join(options.Root, "__main__.py")); err == nil {
		return environment.Command(ctx, append([]string{options.ProgramDir}, request.GetArgs()...)...)
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("looking for the plugin's __main__.py: %w", err)
	}
	buildable, err := toolchain.IsBuildablePackage(options.Root)
	if err != nil {
		return nil, fmt.Errorf("looking whether the plugin is a buildable package: %w", err)
	}
	if !buildable {
		return nil, fmt.Errorf("the plugin in %s cannot be run: it has neither a __main__.py nor a pyproject.toml "+
			"with a build system", options.Root)
	}
	project, err := toolchain.LoadPyproject(options.Root)
	if err != nil {
		return nil, fmt.Errorf("reading the plugin's pyproject.toml: %w", err)
	}
	return environment.ModuleCommand(ctx, "pulumi.run.plugin",
		append([]string{project.Project.Name}, request.GetArgs()...)...)
}

// runPolicyPack starts a policy pack behind the SDK's proxy: the pack reads the stack's configuration from its
// environment when it starts, and the engine only tells it in a later call, which the proxy answers in its place.
func runPolicyPack(ctx context.Context, command *exec.Cmd, stdout io.Writer) error {
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return fmt.Errorf("starting the policy pack's proxy: %w", err)
	}
	command.Stdout = packOutput
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return fmt.Errorf("waiting for the stack's configuration: %w", err)
	}
	if stack != nil {
		variables, err := stackVariables(stack)
		if err != nil {
			return err
		}
		command.Env = append(command.Env, variables...)
	}
	if err := command.Start(); err != nil {
		return err
	}
	return proxy.Attach(ctx, command)
}

func stackVariables(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	variables := []string{"PULUMI_DRY_RUN=" + strconv.FormatBool(stack.GetDryRun())}
	for _, variable := range []struct{ name, value string }{
		{"PULUMI_ORGANIZATION", stack.GetOrganization()},
		{"PULUMI_PROJECT", stack.GetProject()},
		{"PULUMI_STACK", stack.GetStack()},
	} {
		if variable.value != "" {
			variables = append(variables, variable.name+"="+variable.value)
		}
	}
	if stack.GetConfig() != nil {
		values, err := json.Marshal(stack.GetConfig())
		if err != nil {
			return nil, fmt.Errorf("writing the stack's configuration: %w", err)
		}
		variables = append(variables, "PULUMI_CONFIG="+string(values))
	}
	return variables, nil
}

func pluginResult(err error, closer io.Closer, server pulumirpc.LanguageRuntime_RunPluginServer) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return closer.Close()
	case errors.As(err, &exit):
		return server.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	default:
		return fmt.Errorf("problem executing the plugin: %w", err)
	}
}
