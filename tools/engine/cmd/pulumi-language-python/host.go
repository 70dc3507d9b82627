package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engineCheckInterval is how often the host looks whether the engine that started it is still there. Short, so that a
// killed engine leaves no program behind that goes on working for nobody.
const engineCheckInterval = 10 * time.Second

// host serves pulumirpc.LanguageRuntime. Methods that it does not define answer Unimplemented.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	executor      string
	engineAddress string
	stop          context.CancelFunc

	// programs is cancelled by the Cancel call and when the host stops; every program that runs hangs on it.
	programs       context.Context
	cancelPrograms context.CancelFunc
	running        sync.WaitGroup
}

func newHost(executor, engineAddress string, stop context.CancelFunc) *host {
	programs, cancel := context.WithCancel(context.Background())
	return &host{
		executor:       executor,
		engineAddress:  engineAddress,
		stop:           stop,
		programs:       programs,
		cancelPrograms: cancel,
	}
}

// endPrograms interrupts what still runs and waits until it is gone.
func (h *host) endPrograms() {
	h.cancelPrograms()
	h.running.Wait()
}

// watchEngine stops the host when the engine dies without saying so: a killed engine must leave no process behind.
func (h *host) watchEngine(ctx context.Context) error {
	if err := rpcutil.Healthcheck(ctx, h.engineAddress, engineCheckInterval, h.stop); err != nil {
		return fmt.Errorf("watching the engine at %s: %w", h.engineAddress, err)
	}
	return nil
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engineAddress = request.GetEngineAddress()
	// The request's own context ends with this call, so the watch hangs on the host's life instead.
	if err := h.watchEngine(h.programs); err != nil {
		return nil, err
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancelPrograms()
	return &emptypb.Empty{}, nil
}

// About answers `pulumi about`: which Python and which package manager a project would run with.
func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	options := toolchain.PythonOptions{Toolchain: toolchain.Pip}
	if request.GetInfo() != nil {
		parsed, err := parseOptions(request.GetInfo(), program)
		if err != nil {
			return nil, err
		}
		options = parsed
	}
	environment, err := resolveEnvironment(options)
	if err != nil {
		return nil, err
	}
	info, err := environment.About(ctx)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{
		Executable: info.PythonExecutable,
		Version:    info.PythonVersion.String(),
		Metadata: map[string]string{
			"toolchain":        toolchain.Name(options.Toolchain),
			"toolchainVersion": info.ToolchainVersion.String(),
			"typechecker":      toolchain.TypeCheckerName(options.Typechecker),
		},
	}, nil
}
