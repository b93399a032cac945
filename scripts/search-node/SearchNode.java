import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * An OpenSearch node for tests. Arguments: its folder, then settings as key=value. Says its address on standard output once it is
 * healthy, and ends when its standard input does: so it cannot outlive whoever started it.
 */
public final class SearchNode extends Node {
  private static final List<Class<? extends Plugin>> MODULES = List.of(
      CommonAnalysisPlugin.class, MapperExtrasPlugin.class, Netty4Plugin.class, PainlessPlugin.class, ReindexPlugin.class);

  private SearchNode(Environment environment) {
    super(environment, MODULES, true);
  }

  public static void main(String[] arguments) throws Exception {
    SearchNode node = new SearchNode(environment(arguments));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node)));
    node.start();
    node.client().admin().cluster().prepareHealth().setWaitForYellowStatus().setTimeout("60s").get();
    System.out.println("http://127.0.0.1:" + node.port());
    while (System.in.read() >= 0) continue;
    System.exit(0);
  }

  private static Environment environment(String[] arguments) {
    Settings.Builder settings = Settings.builder()
        .put("path.home", Path.of(arguments[0]).toAbsolutePath())
        .put("cluster.name", "community-stats-tests")
        .put("node.name", "only")
        .put("discovery.type", "single-node")
        .put("network.host", "127.0.0.1")
        .put("http.port", "0")
        .put("transport.port", "0")
        .put("cluster.routing.allocation.disk.threshold_enabled", false);
    for (int at = 1; at < arguments.length; at++) {
      String[] setting = arguments[at].split("=", 2);
      settings.put(setting[0], setting[1]);
    }
    return InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> "only");
  }

  private int port() {
    return injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
  }

  private static void end(SearchNode node) {
    try {
      node.close();
      node.awaitClose(30, TimeUnit.SECONDS);
    } catch (Exception reason) {
      reason.printStackTrace();
    } finally {
      LogManager.shutdown();
    }
  }
}
