import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What every client does here: a report, and the next one two seconds later, whatever came of it. */
public class ReportHttpClient {
  public static void main(String[] args) throws Exception {
    boolean isDefault = args[0].equals("default");
    HttpClient client = isDefault
        ? HttpClient.newHttpClient()
        : HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    for (int sequence = 1;; sequence++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("SERVER_URL") + "/api/fleet/report"))
          .header("Authorization", "Bearer " + System.getenv("API_TOKEN"))
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString("{\"machineId\":\"m-1\",\"sequence\":" + sequence + "}"));
      // java.net.http.HttpRequest.Builder#timeout: infinite without it; it ends with the headers of the answer.
      if (!isDefault) request.timeout(Duration.ofSeconds(10));
      try {
        int status = client.send(request.build(), BodyHandlers.ofString()).statusCode();
        if (status >= 400) System.out.println("WARN report " + sequence + " failed: status " + status);
      } catch (java.io.IOException error) {
        System.out.println("WARN report " + sequence + " failed: " + error);
      }
      Thread.sleep(2000);
    }
  }
}
