import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reports to the fleet server every few seconds. */
public class After {
    static final Logger log = Logger.getLogger("agent");
    static final String server = System.getenv("SERVER_URL");
    static final String token = System.getenv("API_TOKEN");
    static final String machine = System.getenv().getOrDefault("MACHINE_ID", "java-agent");

    /** One client for all requests: it keeps the connection. */
    static final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** One attempt: 0 when the report has arrived, or how many seconds the server asks to wait. */
    static long send(String body, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/api/fleet/report"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        int status = response.statusCode();
        if (status < 300) return 0;
        if (status == 401 || status == 403) {
            // What is refused is refused a second later, too.
            log.severe("the server refuses the token (" + status + "): check API_TOKEN");
            return 30;
        }
        return Math.max(1, response.headers().firstValueAsLong("Retry-After").orElse(1));
    }

    /** Sends it until it has arrived: the key makes sure that it counts once. */
    static void report(int sequence) throws InterruptedException {
        String body = String.format("{\"machineId\":\"%s\",\"sequence\":%d}", machine, sequence);
        String key = UUID.randomUUID().toString();
        long waitMs = 1_000;
        for (int attempt = 1; ; attempt++) {
            long askedMs = 0;
            String cause = "";
            try {
                askedMs = send(body, key) * 1_000;
                if (askedMs == 0) return;
                cause = "the server does not take it";
            } catch (IOException e) {
                cause = e.toString();
            }
            long pauseMs = Math.max(askedMs, ThreadLocalRandom.current().nextLong(waitMs / 2, waitMs + 1));
            Level level = attempt % 5 == 0 ? Level.SEVERE : Level.WARNING;
            log.log(level, "report " + sequence + ", attempt " + attempt + ": " + cause + ", next in " + pauseMs + " ms");
            Thread.sleep(pauseMs);
            waitMs = Math.min(2 * waitMs, 60_000);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        long interval = Long.parseLong(System.getenv().getOrDefault("INTERVAL", "5")) * 1000;
        log.info("reporting to " + server + " as " + machine);
        for (int sequence = 1; ; sequence++) {
            report(sequence);
            Thread.sleep(interval);
        }
    }
}
