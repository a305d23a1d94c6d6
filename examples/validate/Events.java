import java.io.PrintStream;

/**
 * Events of a Raft server for {@code raft-sim validate}: one JSON object a line. Call these where the server changes,
 * under the lock that guards its state. Names of servers must need no escape in JSON.
 */
public final class Events {
  private final String server;
  private final PrintStream out;

  /** Says that the server starts, and which kinds of events it tells whenever they happen. */
  public Events(String server, PrintStream out) {
    this.server = server;
    this.out = out;
    write("restart", ",\"tells\":[\"term\",\"vote\",\"role\",\"append\",\"truncate\",\"commit\",\"apply\"]");
  }

  public void term(long term) { write("term", ",\"term\":" + term); }
  public void vote(long term, String whom) { write("vote", ",\"term\":" + term + ",\"for\":\"" + whom + "\""); }
  public void role(long term, String role) { write("role", ",\"term\":" + term + ",\"role\":\"" + role + "\""); }
  public void append(long index, long term) { write("append", ",\"index\":" + index + ",\"term\":" + term); }
  public void truncate(long index) { write("truncate", ",\"index\":" + index); }
  public void commit(long index) { write("commit", ",\"index\":" + index); }

  /** {@code command}: anything that is equal for equal commands, such as a hash. */
  public void apply(long index, long command) { write("apply", ",\"index\":" + index + ",\"command\":" + command); }

  private synchronized void write(String event, String fields) {
    out.println("{\"server\":\"" + server + "\",\"event\":\"" + event + "\"" + fields + "}");
    out.flush();
  }
}
