import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** What every client does here: a report, and the next one two seconds later, whatever came of it. */
public class ReportOkHttp {
  public static void main(String[] args) throws Exception {
    boolean isDefault = args[0].equals("default");
    // https://square.github.io/okhttp/recipes/#timeouts-kt-java: callTimeout bounds all of a call.
    OkHttpClient client = isDefault
        ? new OkHttpClient()
        : new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(10)).build();
    for (int sequence = 1;; sequence++) {
      String json = "{\"machineId\":\"m-1\",\"sequence\":" + sequence + "}";
      Request.Builder request = new Request.Builder()
          .url(System.getenv("SERVER_URL") + "/api/fleet/report")
          .header("Authorization", "Bearer " + System.getenv("API_TOKEN"))
          .post(RequestBody.create(json, MediaType.get("application/json")));
      // OkHttpClient.Builder#retryOnConnectionFailure: it sends again by itself.
      if (!isDefault) request.header("Idempotency-Key", UUID.randomUUID().toString());
      try (Response answer = client.newCall(request.build()).execute()) {
        if (!answer.isSuccessful()) System.out.println("WARN report " + sequence + " failed: status " + answer.code());
      } catch (IOException error) {
        System.out.println("WARN report " + sequence + " failed: " + error);
      }
      Thread.sleep(2000);
    }
  }
}
