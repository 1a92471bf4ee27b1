// What every client does here: a report, and the next one two seconds later, whatever came of it.
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	isDefault := os.Args[1] == "default"
	client := http.DefaultClient
	if !isDefault {
		client = &http.Client{Timeout: 10 * time.Second} // https://pkg.go.dev/net/http#Client: none without it.
	}
	for sequence := 1; ; sequence++ {
		if err := send(client, isDefault, sequence); err != nil {
			fmt.Printf("WARN report %d failed: %v\n", sequence, err)
		}
		time.Sleep(2 * time.Second)
	}
}

func send(client *http.Client, isDefault bool, sequence int) error {
	body := fmt.Sprintf(`{"machineId":"m-1","sequence":%d}`, sequence)
	request, err := http.NewRequest("POST", os.Getenv("SERVER_URL")+"/api/fleet/report", bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("API_TOKEN"))
	if !isDefault {
		// https://pkg.go.dev/net/http#Transport: a POST with it is tried again.
		request.Header.Set("Idempotency-Key", rand.Text())
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if !isDefault {
		// https://pkg.go.dev/net/http#Response: a body that is not read to its end may cost the connection.
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err
		}
	}
	if answer.StatusCode >= 400 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}
