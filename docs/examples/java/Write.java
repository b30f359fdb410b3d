import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

/**
 * Writes one record on each side, as an application does that shares its data with caes-sync.
 *
 * <pre>ES_URL=http://127.0.0.1:9200 CASSANDRA=127.0.0.1:9042 mvn -q compile exec:java</pre>
 */
public final class Write {
  private static final String INDEX = env("INDEX", "stream");
  private static final String KEYSPACE = env("KEYSPACE", "logs");
  private static final String ES_URL = env("ES_URL", "http://127.0.0.1:9200");
  private static final String CASSANDRA = env("CASSANDRA", "127.0.0.1:9042");

  /** Greater than any version that you know of the record; seconds, as in sync.unit. */
  static long nextVersion(long known) {
    return Math.max(System.currentTimeMillis() / 1000, known + 1);
  }

  /** True when it was stored, false when the index holds something newer: nothing to repeat then. */
  static boolean writeDocument(HttpClient http, UUID id, long version, String fields)
      throws IOException, InterruptedException {
    var uri = "%s/%s/_doc/%s?version=%d&version_type=external".formatted(ES_URL, INDEX, id, version);
    var body = "{ \"timestamp\": %d, %s }".formatted(version, fields);
    var request = HttpRequest.newBuilder(URI.create(uri))
        .header("content-type", "application/json")
        .PUT(HttpRequest.BodyPublishers.ofString(body))
        .build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == 409) return false;
    if (response.statusCode() >= 300) throw new IOException(response.body());
    return true;
  }

  /** Both tables in one logged batch. After a time-out send it again with the same version. */
  static void writeRow(
      CqlSession session, PreparedStatement entry, PreparedStatement row,
      UUID id, long version, String user, String message, boolean deleted) {
    session.execute(
        BatchStatement.newInstance(
                DefaultBatchType.LOGGED,
                entry.bind(0, (int) version, id),
                row.bind(id, user, message, deleted))
            .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM));
  }

  public static void main(String[] args) throws Exception {
    var address = CASSANDRA.split(":");
    var http = HttpClient.newHttpClient();
    try (var session = CqlSession.builder()
        .addContactPoint(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
        .withLocalDatacenter(env("CASSANDRA_DC", "datacenter1"))
        .withKeyspace(KEYSPACE)
        .build()) {
      var entry = session.prepare("INSERT INTO ts (id, timestamp, did) VALUES (?, ?, ?)");
      var row = session.prepare("INSERT INTO data (did, \"user\", message, deleted) VALUES (?, ?, ?, ?)");

      var documentId = UUID.randomUUID();
      var rowId = UUID.randomUUID();
      writeDocument(http, documentId, nextVersion(0), "\"user\": \"ann\", \"message\": \"from Java\"");
      var version = nextVersion(0);
      writeRow(session, entry, row, rowId, version, "bob", "from Java", false);
      // A delete is a state of the record, at a version of its own.
      writeRow(session, entry, row, rowId, nextVersion(version), "bob", null, true);

      System.out.println(documentId + " " + rowId);
    }
  }

  private static String env(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
