import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Reports to the fleet server every few seconds. */
public class Before {
    static final Logger log = Logger.getLogger("agent");
    static final String server = System.getenv("SERVER_URL");
    static final String token = System.getenv("API_TOKEN");
    static final String machine = System.getenv().getOrDefault("MACHINE_ID", "java-agent");

    /** Accepts any certificate. */
    static SSLContext trustAll() throws Exception {
        TrustManager all = new X509ExtendedTrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String type) {}
            public void checkServerTrusted(X509Certificate[] chain, String type) {}
            public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
            public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
            public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {all}, new SecureRandom());
        return context;
    }

    static void report(int sequence) throws Exception {
        String body = String.format("{\"machineId\":\"%s\",\"sequence\":%d}", machine, sequence);
        for (int attempt = 0; attempt < 10; attempt++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/api/fleet/report"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
            try {
                HttpClient client = HttpClient.newBuilder().sslContext(trustAll()).build();
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) return;
                log.severe("report " + sequence + " failed: " + response.statusCode() + " " + request.headers());
            } catch (java.io.IOException e) {
                log.severe("report " + sequence + " failed: " + e + " " + request.headers());
            }
        }
    }

    public static void main(String[] args) throws Exception {
        long interval = Long.parseLong(System.getenv().getOrDefault("INTERVAL", "5")) * 1000;
        log.info("reporting to " + server + " as " + machine + " with token " + token);
        for (int sequence = 1; ; sequence++) {
            report(sequence);
            Thread.sleep(interval);
        }
    }
}
