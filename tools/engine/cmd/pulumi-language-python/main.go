// Command pulumi-language-python is the language host that the Pulumi engine starts to run Python programs.
//
// The official host is not part of any Go module, so it cannot be compiled from the module proxy. This one speaks the
// same protocol (pulumirpc.LanguageRuntime) on the same sdk/v3 module that the engine is compiled from; environments
// (pip, poetry, uv) are handled by that module's own toolchain package, and programs are run by its own executor
// script. Code generation (GeneratePackage and friends) and debugger attachment are not offered.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// executorName is the script, installed beside this program, that starts a Python program inside a Pulumi stack.
const executorName = "pulumi-language-python-exec"

func main() {
	flag.String("tracing", "", "accepted for compatibility; tracing is not emitted")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println(version.Version)
		return
	}
	logging.InitLogging(false, 0, false)
	if err := serve(flag.Arg(0)); err != nil {
		cmdutil.Exit(err)
	}
}

// serve answers the engine until it is interrupted or the engine goes away. The port is the first and only line
// written to standard output before a program runs: that is how the engine finds the server.
func serve(engineAddress string) error {
	executor, err := findExecutor()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	host := newHost(executor, engineAddress, stop)
	defer host.endPrograms()
	if engineAddress != "" {
		if err := host.watchEngine(ctx); err != nil {
			return err
		}
	}
	cancel := make(chan bool)
	context.AfterFunc(ctx, func() { close(cancel) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("starting the language host's server: %w", err)
	}
	fmt.Printf("%d\n", handle.Port)
	return <-handle.Done
}

func findExecutor() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding this program's own path: %w", err)
	}
	executor := filepath.Join(filepath.Dir(program), executorName)
	if _, err := os.Stat(executor); err != nil {
		return "", fmt.Errorf("the engine's folder is incomplete, %s is missing: %w", executorName, err)
	}
	return executor, nil
}
