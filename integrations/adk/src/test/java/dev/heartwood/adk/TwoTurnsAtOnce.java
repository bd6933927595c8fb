package dev.heartwood.adk;

import com.google.adk.agents.LlmAgent;
import com.google.adk.models.BaseLlm;
import com.google.adk.models.BaseLlmConnection;
import com.google.adk.models.LlmRequest;
import com.google.adk.models.LlmResponse;
import com.google.adk.runner.Runner;
import com.google.genai.types.Content;
import com.google.genai.types.Part;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import io.reactivex.rxjava3.core.Flowable;
import java.io.PrintStream;
import java.util.Map;

/**
 * Two people talk to the agent of one session at the same time, with a model that needs no network. No message is lost.
 */
final class TwoTurnsAtOnce {
    /** Answers with the number of contents that it was shown. */
    static final class ScriptedModel extends BaseLlm {
        ScriptedModel() {
            super("scripted");
        }

        @Override
        public Flowable<LlmResponse> generateContent(LlmRequest request, boolean stream) {
            Part answer = Part.fromText("I see " + request.contents().size() + " contents.");
            return Flowable.just(LlmResponse.builder()
                    .content(Content.builder().role("model").parts(answer).build())
                    .build());
        }

        @Override
        public BaseLlmConnection connect(LlmRequest request) {
            throw new UnsupportedOperationException();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws InterruptedException {
        try (Store store = Store.create()) {
            HeartwoodSessionService sessions = HeartwoodSessionService.of(store.under("sessions"));
            sessions.createSession("kitchen", "family", Map.of(), "today").blockingGet();
            LlmAgent agent = LlmAgent.builder()
                    .name("cook")
                    .model(new ScriptedModel())
                    .outputKey("user:answer")
                    .build();
            Runner runner = Runner.builder()
                    .agent(agent)
                    .appName("kitchen")
                    .sessionService(sessions)
                    .build();
            Thread ann = new Thread(() -> say(runner, "Rain?"));
            Thread bob = new Thread(() -> say(runner, "Tea?"));
            ann.start();
            bob.start();
            ann.join();
            bob.join();
            out.println(Json.pretty(store)); // two questions, two answers, and the last answer in the state of the user
        }
    }

    private static void say(Runner runner, String text) {
        runner.runAsync("family", "today", Content.fromParts(Part.fromText(text)))
                .blockingSubscribe();
    }
}
