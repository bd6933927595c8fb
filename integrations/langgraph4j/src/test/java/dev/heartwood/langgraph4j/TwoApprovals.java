package dev.heartwood.langgraph4j;

import static org.bsc.langgraph4j.StateGraph.END;
import static org.bsc.langgraph4j.StateGraph.START;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import dev.heartwood.Store;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphInput;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.state.AgentState;
import org.bsc.langgraph4j.state.Channels;

/** A graph that waits for approvals, which two people give at the same time, and a scripted node in the place of a model. */
final class TwoApprovals {
    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        StateGraph<AgentState> graph = new StateGraph<>(
                        Map.of("approvals", Channels.appender(ArrayList::new)), AgentState::new)
                .addNode("write", node_async(state -> Map.of("text", "Rain from noon on.")))
                .addNode("publish", node_async(state -> Map.of("published", true)))
                .addEdge(START, "write")
                .addEdge("write", "publish")
                .addEdge("publish", END);
        try (Store store = Store.create()) {
            HeartwoodCheckpointSaver saver =
                    HeartwoodCheckpointSaver.of(store.under("graphs"), graph.getStateSerializer());
            CompiledGraph<AgentState> app = graph.compile(CompileConfig.builder()
                    .checkpointSaver(saver)
                    .interruptBefore("publish")
                    .build());
            RunnableConfig today = RunnableConfig.builder().threadId("today").build();
            app.invoke(Map.of(), today); // stops before it publishes
            List<Thread> people = List.of(approving(saver, graph, today, "ann"), approving(saver, graph, today, "bob"));
            people.forEach(Thread::start);
            for (Thread person : people) {
                person.join();
            }
            out.println(app.invoke(GraphInput.resume(), today).orElseThrow().data()); // both approvals, and published
        }
    }

    private static Thread approving(
            HeartwoodCheckpointSaver saver, StateGraph<AgentState> graph, RunnableConfig config, String name) {
        return new Thread(() -> saver.update(
                config, waiting -> waiting.updateState(Map.of("approvals", List.of(name)), graph.getChannels())));
    }
}
