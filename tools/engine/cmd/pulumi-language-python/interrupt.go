package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"time"
)

const (
	// interruptGrace is how long an interrupted program may take to end before it is killed.
	interruptGrace = 5 * time.Second

	// drainGrace is how long to wait for the last of a program's output. A process that the program left behind can
	// hold its streams open for good.
	drainGrace = time.Second
)

// interruptTraceback is what Python prints when an interrupt ends it.
var interruptTraceback = regexp.MustCompile(`(?s)Traceback \(most recent call last\):\n.*\nKeyboardInterrupt\s*$`)

// interruptFirst lets a cancelled program end by itself (finally blocks, atexit) before it is killed.
func interruptFirst(command *exec.Cmd) {
	command.Cancel = func() error {
		if err := command.Process.Signal(os.Interrupt); err != nil {
			return command.Process.Kill()
		}
		return nil
	}
	command.WaitDelay = interruptGrace
}

// runInterruptible runs a program and copies its standard error to target. The engine cancels the program as soon as
// a resource fails, and Python answers with a traceback of the executor's innards, which would bury the one error that
// the user has to see. So what is written after the cancellation is held back until the program ends, and the
// interrupt's own traceback is left out of it.
func runInterruptible(ctx context.Context, command *exec.Cmd, target io.Writer) error {
	interruptFirst(command)
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reader.Close()
	command.Stderr = writer
	err = command.Start()
	writer.Close()
	if err != nil {
		return err
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		held := copyUntil(ctx, target, reader)
		_, _ = target.Write(interruptTraceback.ReplaceAll(held, nil))
	}()
	err = command.Wait()
	select {
	case <-drained:
	case <-time.After(drainGrace):
	}
	return err
}

// copyUntil copies until ctx is cancelled, and returns what came later.
func copyUntil(ctx context.Context, target io.Writer, source io.Reader) []byte {
	var held bytes.Buffer
	block := make([]byte, 32*1024)
	for {
		count, err := source.Read(block)
		if ctx.Err() == nil {
			_, _ = target.Write(block[:count])
		} else {
			held.Write(block[:count])
		}
		if err != nil {
			return held.Bytes()
		}
	}
}
