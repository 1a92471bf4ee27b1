// A client of net/http that asks for each path after the other: `http2-client [-timeout 1s] [-post] URL PATH…`. Prints a line for each:
// status, bytes of the body, and how it ended. Certificates are not verified: the tests make their own.
package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

var ports = regexp.MustCompile(`127\.0\.0\.1:\d+`)

func main() {
	timeout := flag.Duration("timeout", 15*time.Second, "for a whole request")
	post := flag.Bool("post", false, "send POST with a body that can be sent again")
	flag.Parse()
	transport := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
	}
	client := &http.Client{Transport: transport, Timeout: *timeout}
	for _, path := range flag.Args()[1:] {
		fmt.Println(ask(client, flag.Arg(0)+path, *post))
	}
	if flag.NArg() < 2 {
		os.Exit(2)
	}
}

func ask(client *http.Client, url string, post bool) string {
	method, body := http.MethodGet, io.Reader(nil)
	if post {
		method, body = http.MethodPost, strings.NewReader("report")
	}
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return err.Error()
	}
	answer, err := client.Do(request)
	if err != nil {
		return "000 0 " + reason(err)
	}
	defer answer.Body.Close()
	count, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		return fmt.Sprintf("%d %d %s", answer.StatusCode, count, reason(err))
	}
	return fmt.Sprintf("%d %d ok, %s", answer.StatusCode, count, answer.Proto)
}

func reason(err error) string {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "timeout"
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return ports.ReplaceAllString(err.Error(), "ADDRESS")
}
