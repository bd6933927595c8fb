package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.events.Event;
import com.google.adk.events.EventActions;
import com.google.adk.events.EventCompaction;
import com.google.adk.events.ToolConfirmation;
import com.google.adk.sessions.GetSessionConfig;
import com.google.adk.sessions.Session;
import com.google.genai.types.Content;
import com.google.genai.types.CustomMetadata;
import com.google.genai.types.FinishReason;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.Part;
import com.google.genai.types.Transcription;
import dev.heartwood.Store;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event comes back as it was, or is refused before anything is changed. */
class EventNodesTest {
    private final Store store = Store.create();
    private final HeartwoodSessionService service = HeartwoodSessionService.of(store);
    private final Session session =
            service.createSession("app", "ann", Map.of(), "chat").blockingGet();

    @Test
    void anEventWithEverythingComesBack() {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("null", null);
        arguments.put("double", 1e300);
        arguments.put("list", Arrays.asList("b", null, "a", List.of("b", "a")));
        Content content = Content.builder()
                .role("model")
                .parts(
                        Part.fromText("half of a pair: \ud83d"),
                        Part.fromFunctionCall("f", arguments),
                        Part.fromFunctionResponse("f", arguments))
                .build();
        EventActions actions = EventActions.builder()
                .stateDelta(Map.of("k", List.of(1)))
                .artifactDelta(Map.of("file", 2))
                .deletedArtifactIds(Set.of("c", "b", "a"))
                .transferToAgent("other")
                .escalate(true)
                .skipSummarization(false)
                .endOfAgent(true)
                .requestedToolConfirmations(Map.of(
                        "call",
                        ToolConfirmation.builder()
                                .hint("sure?")
                                .payload(Map.of("k", 1))
                                .build()))
                .compaction(EventCompaction.builder()
                        .startTimestamp(1)
                        .endTimestamp(2)
                        .compactedContent(content)
                        .build())
                .build();
        Event event = Event.builder()
                .id("id")
                .invocationId("invocation")
                .author("cook")
                .content(content)
                .actions(actions)
                .longRunningToolIds(Set.of("z", "y", "x"))
                .turnComplete(true)
                .interrupted(false)
                .errorCode(new FinishReason(FinishReason.Known.SAFETY))
                .errorMessage("an error")
                .finishReason(new FinishReason(FinishReason.Known.STOP))
                .usageMetadata(GenerateContentResponseUsageMetadata.builder()
                        .totalTokenCount(7)
                        .build())
                .avgLogprobs(Double.NaN)
                .branch("a.b")
                .customMetadata(List.of(
                        CustomMetadata.builder().key("k").stringValue("v").build()))
                .modelVersion("1")
                .inputTranscription(
                        Transcription.builder().text("in").finished(true).build())
                .timestamp(Long.MIN_VALUE)
                .build();

        service.appendEvent(session, event).blockingGet();

        assertThat(service.listEvents("app", "ann", "chat").blockingGet().events())
                .containsExactly(event);
    }

    @Test
    void thePictureOfAnEventComesBack() {
        byte[] picture = {-1, 0, 1};

        service.appendEvent(
                        session,
                        Event.builder()
                                .content(Content.fromParts(Part.fromBytes(picture, "image/png")))
                                .build())
                .blockingGet();

        Event read =
                service.listEvents("app", "ann", "chat").blockingGet().events().get(0);
        Part part = read.content().orElseThrow().parts().orElseThrow().get(0);
        assertThat(part.inlineData().orElseThrow().data()).hasValue(picture);
    }

    @Test
    void anEventWithNothingComesBack() {
        Event empty = Event.builder().build();
        Event withoutActions = Event.builder().id("q").author("u").actions(null).build();

        service.appendEvent(session, empty).blockingGet();
        service.appendEvent(session, withoutActions).blockingGet();

        assertThat(service.listEvents("app", "ann", "chat").blockingGet().events())
                .extracting(Event::id)
                .containsExactly(null, "q");
    }

    static Stream<Object> lost() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        return Stream.of(
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                new BigDecimal("1e400"),
                new BigDecimal("18446744073709551617.1"),
                new byte[] {1},
                new Object(),
                cycle);
    }

    @ParameterizedTest
    @MethodSource("lost")
    void aValueThatAdkWouldReadAsAnotherIsRefusedWithItsPlace(Object value) {
        long before = store.version();
        Event event = Event.builder()
                .id("its id")
                .author("cook")
                .content(Content.fromParts(Part.fromFunctionResponse("f", Map.of("result", value))))
                .actions(EventActions.builder().stateDelta(Map.of("app:a", 1)).build())
                .build();

        assertThatThrownBy(() -> service.appendEvent(session, event).blockingGet())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"its id\"")
                .hasMessageContaining("Nothing was changed");

        assertThat(store.version()).isEqualTo(before);
        assertThat(session.events()).isEmpty();
        assertThat(session.state()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "stateDelta"})
    void whatWouldBeReadAsAnotherValueIsNamed(String key) {
        Event event = Event.builder()
                .content(Content.fromParts(Part.fromFunctionResponse("f", Map.of(key, Double.NaN))))
                .build();

        assertThatThrownBy(() -> service.appendEvent(session, event).blockingGet())
                .hasMessageContaining("/content/parts/0/functionResponse/response/" + key);
    }

    @Test
    void whatTwoEventsDifferInIsFound() {
        Event event = Event.builder().id("id").build();
        Event one = event.toBuilder().longRunningToolIds(Set.of("a")).build();
        Event other = event.toBuilder().longRunningToolIds(Set.of("b")).build();

        assertThat(EventDifference.between(one, other)).contains("/longRunningToolIds/0");
        assertThat(EventDifference.between(answering(Map.of("a", 1)), answering(Map.of("a", 1, "b", 2))))
                .contains("/content/parts/0/functionResponse/response/b");
    }

    private static Event answering(Map<String, Object> response) {
        return Event.builder()
                .id("id")
                .content(Content.fromParts(Part.fromFunctionResponse("f", response)))
                .build();
    }

    @Test
    void aTextThatIsTooLongForAFileIsRefused() {
        assertThatThrownBy(() -> service.appendEvent(session, Events.saying("y".repeat(20_000_001)))
                        .blockingGet())
                .hasMessageContaining("Nothing was changed");

        assertThat(service.listEvents("app", "ann", "chat").blockingGet().events())
                .isEmpty();
    }

    @Test
    void aNegativeNumberOfRecentEventsIsNone() {
        service.appendEvent(session, Events.saying("hello")).blockingGet();

        for (int number : List.of(0, -1, Integer.MIN_VALUE)) {
            GetSessionConfig config =
                    GetSessionConfig.builder().numRecentEvents(number).build();
            assertThat(service.getSession("app", "ann", "chat", Optional.of(config))
                            .blockingGet()
                            .events())
                    .isEmpty();
        }
    }
}
