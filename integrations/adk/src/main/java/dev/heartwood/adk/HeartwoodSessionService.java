package dev.heartwood.adk;

import com.google.adk.events.Event;
import com.google.adk.events.EventActions;
import com.google.adk.sessions.BaseSessionService;
import com.google.adk.sessions.GetSessionConfig;
import com.google.adk.sessions.ListEventsResponse;
import com.google.adk.sessions.ListSessionsResponse;
import com.google.adk.sessions.Session;
import com.google.adk.sessions.SessionException;
import com.google.adk.sessions.SessionKey;
import com.google.adk.sessions.SessionNotFoundException;
import com.google.adk.sessions.State;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of ADK's agents in a tree: in memory, in a JSON file that people can read, in a SQLite file that processes
 * share.
 *
 * <p>An app is a key below the place that was given: {@code /APP/state} has the state of the app,
 * {@code /APP/users/USER/state} that of a user, {@code /APP/users/USER/sessions/ID} a session with its {@code state},
 * its {@code events} and its {@code lastUpdateTime}, in milliseconds since 1970. Events and values are JSON as ADK writes
 * them.
 *
 * <p><b>Atomicity.</b> {@link #appendEvent} is one commit: the event, and all keys of its state delta in the scopes of the
 * app, the user and the session. Others see all of it or nothing. An event is appended to the newest list, whatever
 * copy of the session the caller has: no event is lost, however many are appended at once. A session that is read is of one
 * moment.
 *
 * <p>Each call is done when it returns, and its result then tells what came of it: it blocks where the store blocks, and
 * what it changed is as durable as the store promises. A refusal or a failure of the store comes out of the result
 * ({@code onError}), an argument that is null out of the call.
 *
 * <p>Keys that begin with {@code temp:} are kept with the session, as ADK's service in memory keeps them.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodSessionService implements BaseSessionService {
    private static final GetSessionConfig EVERYTHING =
            GetSessionConfig.builder().build();

    private final TreeEditor place;

    private HeartwoodSessionService(TreeEditor place) {
        this.place = Objects.requireNonNull(place, "place");
    }

    /**
     * Sessions at this place: a store, or better a part of one, as in {@code of(store.under("sessions"))}.
     *
     * @param place not a transaction, which ends
     */
    public static HeartwoodSessionService of(TreeEditor place) {
        return new HeartwoodSessionService(place);
    }

    /**
     * The session as a state of the store has it, with all of its events: {@code session(snapshot.under("sessions"), key)}
     * is the session as it was then.
     *
     * @param past a view of the place that this service has
     */
    public static Optional<Session> session(TreeView past, SessionKey key) {
        return SessionReader.of(past, key.appName()).session(key.userId(), key.id(), EVERYTHING);
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // deprecated by the interface, not here
    public Single<Session> createSession(
            String appName, String userId, @Nullable ConcurrentMap<String, Object> state, @Nullable String sessionId) {
        return createSession(appName, userId, (Map<String, Object>) state, sessionId);
    }

    /**
     * Creates a session. Keys of the state that begin with {@code app:} or {@code user:} change the state of the app and the
     * user, in the same commit.
     *
     * @param state null for an empty one
     * @param sessionId null or blank for a random one
     * @return fails with {@link SessionException} where the session exists already; then nothing is changed
     */
    @Override
    public Single<Session> createSession(
            String appName, String userId, @Nullable Map<String, Object> state, @Nullable String sessionId) {
        String id = sessionId == null || sessionId.isBlank() ? UUID.randomUUID().toString() : sessionId.trim();
        SessionPlace at = place(appName, userId, id);
        return now(() -> {
            StateChange change = StateChange.of(state == null ? Map.of() : state);
            long millis = System.currentTimeMillis();
            place.atomically(tx -> {
                if (tx.contains(at.session())) {
                    throw new SessionException("The " + at + " exists already. Nothing was changed.");
                }
                tx.set(
                        at.session(),
                        HashMap.of(
                                SessionPlace.STATE, HashMap.empty(),
                                SessionPlace.EVENTS, Vector.empty(),
                                SessionPlace.LAST_UPDATE, millis));
                change.applyTo(tx, at);
            });
            return read(at, EVERYTHING).orElseThrow(() -> notFound(at));
        });
    }

    @Override
    public Maybe<Session> getSession(
            String appName, String userId, String sessionId, Optional<GetSessionConfig> config) {
        SessionPlace at = place(appName, userId, sessionId);
        Objects.requireNonNull(config, "config");
        return now(() -> read(at, config.orElse(EVERYTHING))).mapOptional(found -> found);
    }

    /** The sessions of the user, each with its state and without its events, in the order of their ids. */
    @Override
    public Single<ListSessionsResponse> listSessions(String appName, String userId) {
        Objects.requireNonNull(appName, "appName");
        Objects.requireNonNull(userId, "userId");
        return now(() -> ListSessionsResponse.builder()
                .sessions(SessionReader.of(place, appName).sessions(userId, List.of()))
                .build());
    }

    /** Removes the session, if there is one. The states of its user and its app stay. */
    @Override
    public Completable deleteSession(String appName, String userId, String sessionId) {
        SessionPlace at = place(appName, userId, sessionId);
        return now(() -> {
                    place.atomically(at::discard);
                    return at;
                })
                .ignoreElement();
    }

    /** All events of the session; none where there is no session. */
    @Override
    public Single<ListEventsResponse> listEvents(String appName, String userId, String sessionId) {
        place(appName, userId, sessionId);
        return now(() -> ListEventsResponse.builder()
                .events(SessionReader.of(place, appName).events(userId, sessionId))
                .build());
    }

    /**
     * Appends the event to the session, and applies its state delta, in one commit. Then the session object has them, too,
     * and the newest states of the app and the user. A partial event changes nothing.
     *
     * @return the event; fails with {@link SessionNotFoundException} where the session does not exist, or no longer: then
     *     nothing is changed, the session object included
     */
    @CanIgnoreReturnValue
    @Override
    public Single<Event> appendEvent(Session session, Event event) {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(event, "event");
        SessionPlace at = place(session.appName(), session.userId(), session.id());
        if (event.partial().orElse(false)) {
            return Single.just(event);
        }
        return now(() -> {
            Map<String, Object> delta = delta(event);
            StateChange change = StateChange.of(delta);
            Object node = EventNodes.write(event);
            place.atomically(tx -> {
                if (!tx.contains(at.session())) {
                    throw notFound(at);
                }
                change.applyTo(tx, at);
                tx.append(at.events(), node);
                tx.set(at.lastUpdate(), event.timestamp());
            });
            update(session, event, delta);
            return event;
        });
    }

    private static Map<String, Object> delta(Event event) {
        EventActions actions = event.actions();
        return actions == null ? Map.of() : Map.copyOf(actions.stateDelta());
    }

    /** Brings the caller's session object up to date with the commit. */
    private void update(Session session, Event event, Map<String, Object> delta) {
        delta.forEach((key, value) -> {
            if (value == State.REMOVED) {
                session.state().remove(key);
            } else {
                session.state().put(key, value);
            }
        });
        session.events().add(event);
        session.lastUpdateTime(Instant.ofEpochMilli(event.timestamp()));
        session.state().putAll(SessionReader.of(place, session.appName()).shared(session.userId()));
    }

    private Optional<Session> read(SessionPlace at, GetSessionConfig config) {
        return SessionReader.of(place, at.app()).session(at.user(), at.id(), config);
    }

    private static SessionPlace place(String appName, String userId, String sessionId) {
        return new SessionPlace(
                Objects.requireNonNull(appName, "appName"),
                Objects.requireNonNull(userId, "userId"),
                Objects.requireNonNull(sessionId, "sessionId"));
    }

    private static SessionNotFoundException notFound(SessionPlace at) {
        return new SessionNotFoundException("There is no " + at + ". Nothing was changed. Create it first.");
    }

    /** Runs the action at once, as the framework's own service in memory does. */
    private static <T> Single<T> now(Supplier<T> action) {
        try {
            return Single.just(action.get());
        } catch (RuntimeException e) {
            return Single.error(e);
        }
    }
}
