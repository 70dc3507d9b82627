package main

import (
	"context"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// engineWriter shows what is written to it in the engine's progress display, as a line that later lines replace.
func (h *host) engineWriter(ctx context.Context, severity pulumirpc.LogSeverity) io.Writer {
	return &engineLog{ctx: ctx, address: h.engineAddress, severity: severity, stream: rand.Int32()}
}

// engineLog connects on the first write: most runs have an environment already and write nothing.
type engineLog struct {
	ctx      context.Context
	address  string
	severity pulumirpc.LogSeverity
	stream   int32
	engine   pulumirpc.EngineClient
}

func (l *engineLog) Write(text []byte) (int, error) {
	if l.engine == nil {
		connection, err := grpc.NewClient(l.address,
			grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
		if err != nil {
			return 0, err
		}
		context.AfterFunc(l.ctx, func() { _ = connection.Close() })
		l.engine = pulumirpc.NewEngineClient(connection)
	}
	_, err := l.engine.Log(l.ctx, &pulumirpc.LogRequest{
		Severity:  l.severity,
		Message:   strings.ToValidUTF8(string(text), "�"),
		StreamId:  l.stream,
		Ephemeral: true,
	})
	if err != nil {
		return 0, err
	}
	return len(text), nil
}
