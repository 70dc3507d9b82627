package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// InstallDependencies fills a program's or a plugin's environment and streams the package manager's output.
func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	as := program
	if request.GetIsPlugin() {
		as = pluginProgram
	}
	options, err := parseOptions(request.GetInfo(), as)
	if err != nil {
		return err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close()

	ctx, folder, pythonVersions := server.Context(), options.ProgramDir, request.GetUseLanguageVersionTools()
	fmt.Fprint(stdout, "Installing dependencies...\n\n")
	if request.GetIsPlugin() {
		// A plugin that is a buildable package is imported by its name, so it has to be installed itself.
		buildable, err := toolchain.IsBuildablePackage(folder)
		if err != nil {
			return fmt.Errorf("looking whether the plugin is a buildable package: %w", err)
		}
		if buildable {
			if err := environment.EnsureVenv(ctx, folder, pythonVersions, true, stdout, stderr); err != nil {
				return fmt.Errorf("creating the plugin's environment: %w", err)
			}
			command, err := environment.ModuleCommand(ctx, "pip", "install", folder)
			if err != nil {
				return err
			}
			command.Stdout, command.Stderr = stdout, stderr
			if err := command.Run(); err != nil {
				return fmt.Errorf("installing the plugin's package: %w", err)
			}
		}
	}
	if err := environment.InstallDependencies(ctx, folder, pythonVersions, true, stdout, stderr); err != nil {
		return err
	}
	fmt.Fprint(stdout, "Finished installing dependencies\n\n")
	return closer.Close()
}

// RuntimeOptionsPrompts asks, in `pulumi new`, for the package manager and, with pip, for the environment's folder.
func (h *host) RuntimeOptionsPrompts(
	_ context.Context, request *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	given := request.GetInfo().GetOptions().AsMap()
	var prompts []*pulumirpc.RuntimeOptionPrompt
	manager, hasManager := given["toolchain"]
	if !hasManager {
		pip := textChoice("pip")
		prompts = append(prompts, &pulumirpc.RuntimeOptionPrompt{
			Key:         "toolchain",
			Description: "The toolchain to use for installing dependencies and running the program",
			PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
			Choices: append([]*pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{pip},
				plugin.MakeExecutablePromptChoices("poetry", "uv")...),
			Default: pip,
		})
	}
	if _, hasFolder := given["virtualenv"]; manager == "pip" && !hasFolder {
		folder := textChoice(pluginEnvironment)
		prompts = append(prompts, &pulumirpc.RuntimeOptionPrompt{
			Key:         "virtualenv",
			Description: "The virtualenv to use",
			PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
			Choices:     []*pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{folder},
			Default:     folder,
		})
	}
	return &pulumirpc.RuntimeOptionsResponse{Prompts: prompts}, nil
}

func textChoice(value string) *pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue {
	return &pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{
		PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
		StringValue: value,
		DisplayName: value,
	}
}

// Template prepares a new project's dependency file for its package manager.
func (h *host) Template(
	ctx context.Context, request *pulumirpc.TemplateRequest,
) (*pulumirpc.TemplateResponse, error) {
	options, err := parseOptions(request.GetInfo(), program)
	if err != nil {
		return nil, err
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return nil, err
	}
	err = environment.PrepareProject(ctx, request.GetProjectName(), options.ProgramDir, false, nil, nil)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.TemplateResponse{}, nil
}
