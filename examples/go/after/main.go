// Reports the load of this machine to the fleet server every few seconds.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

var (
	server  = os.Getenv("SERVER_URL")
	token   = os.Getenv("API_TOKEN")
	machine = env("MACHINE_ID", "go-agent")

	// One client for all requests: it keeps the connection, and each request has a bound.
	client = &http.Client{Timeout: 10 * time.Second}
)

func env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// send makes one attempt. The second result is how long the server asks to wait.
func send(ctx context.Context, body []byte, key string) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server+"/api/fleet/report", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	// A connection is used again only when the answer was read to its end.
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, err
	}
	switch {
	case resp.StatusCode < 300:
		return 0, nil
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		// What is refused is refused a second later, too.
		slog.Error("the server refuses the token: check API_TOKEN")
		return 30 * time.Second, fmt.Errorf("status %s", resp.Status)
	}
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return time.Duration(seconds) * time.Second, fmt.Errorf("status %s", resp.Status)
}

// report sends it until it has arrived: the key makes sure that it counts once.
func report(ctx context.Context, sequence int) error {
	body, err := json.Marshal(map[string]any{"machineId": machine, "sequence": sequence})
	if err != nil {
		return err
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	key := hex.EncodeToString(random)
	wait := time.Second
	for attempt := 1; ; attempt++ {
		asked, err := send(ctx, body, key)
		if err == nil || ctx.Err() != nil {
			return err
		}
		pause := max(asked, wait/2+time.Duration(mathrand.Int63n(int64(wait/2))))
		level := slog.LevelWarn
		if attempt%5 == 0 {
			level = slog.LevelError
		}
		slog.Log(ctx, level, "report failed", "sequence", sequence, "attempt", attempt, "error", err, "next", pause)
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		wait = min(2*wait, time.Minute)
	}
}

func sleep(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(duration):
		return nil
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, nil)))
	interval, err := time.ParseDuration(env("INTERVAL", "5") + "s")
	if err != nil {
		slog.Error("INTERVAL is no number of seconds", "error", err)
		os.Exit(2)
	}
	slog.Info("reporting", "server", server, "machine", machine)
	for sequence := 1; ; sequence++ {
		if err := report(ctx, sequence); err != nil {
			slog.Info("stopped", "reason", err)
			return
		}
		if sleep(ctx, interval) != nil {
			return
		}
	}
}
