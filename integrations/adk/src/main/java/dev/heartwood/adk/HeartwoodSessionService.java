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
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
 * <p><b>Atomicity.</b> {@link #appendEvent} is one commit: the event, and all keys of its state delta in the scopes of
 * the app, the user and the session. Others see all of it or nothing. An event is appended to the newest list, even if
 * the caller's copy of the session is older: no event is lost, however many are appended at once. A session that is
 * read is one consistent state.
 *
 * <p>Each call is complete when it returns, and its result then has the outcome. A call blocks where the store blocks,
 * and its changes are as durable as the store promises. The result signals a refusal or a failure of the store
 * ({@code onError}); the call itself throws if an argument is null.
 *
 * <p><b>Values.</b> A state holds texts, booleans, finite numbers, lists, and maps with text keys. They come back equal, a
 * number in its shortest type: {@code Integer}, {@code Long} or {@code BigInteger}; {@code Double}, or {@code BigDecimal} where
 * no double says it. Any other value is refused, its key named, before anything is changed. So is an event from whose JSON ADK
 * would read another one.
 *
 * <p>Keys that begin with {@code temp:} are kept with the session, as ADK's service in memory keeps them.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodSessionService implements BaseSessionService {
    private static final GetSessionConfig EVERYTHING =
            GetSessionConfig.builder().build();

    private final TreeEditor place;
    private final SessionObjects objects = new SessionObjects();

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
        return SessionReader.of(past, key.appName())
                .session(key.userId(), key.id(), EVERYTHING)
                .map(SessionReader.Found::session);
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
     * @return the session as the commit has made it; fails with {@link SessionException} where it exists already, with
     *     {@link dev.heartwood.UnsupportedValueException} where a key or a value would not come back as it is: then nothing is
     *     changed
     */
    @Override
    public Single<Session> createSession(
            String appName, String userId, @Nullable Map<String, Object> state, @Nullable String sessionId) {
        String id = sessionId == null || sessionId.isBlank() ? UUID.randomUUID().toString() : sessionId.trim();
        SessionPlace at = place(appName, userId, id);
        return now(() -> {
            at.requireKeys();
            StateChange change = StateChange.of(state == null ? Map.of() : state);
            long millis = System.currentTimeMillis();
            AtomicReference<SessionStates> created = new AtomicReference<>();
            place.atomically(tx -> {
                if (tx.contains(at.session())) {
                    throw new SessionException("The " + at + " exists already. Nothing was changed.");
                }
                tx.set(at.session(), SessionPlace.empty(millis));
                change.applyTo(tx, at);
                created.set(SessionReader.states(tx, at));
            });
            SessionStates states = Objects.requireNonNull(created.get());
            return objects.handOut(SessionReader.created(at, states, millis), states);
        });
    }

    @Override
    public Maybe<Session> getSession(
            String appName, String userId, String sessionId, Optional<GetSessionConfig> config) {
        place(appName, userId, sessionId);
        Objects.requireNonNull(config, "config");
        return now(() -> SessionReader.of(place, appName)
                        .session(userId, sessionId, config.orElse(EVERYTHING))
                        .map(this::handOut))
                .mapOptional(found -> found);
    }

    /** The sessions of the user, each with its state and without its events, in the order of their ids. */
    @Override
    public Single<ListSessionsResponse> listSessions(String appName, String userId) {
        Objects.requireNonNull(appName, "appName");
        Objects.requireNonNull(userId, "userId");
        return now(() -> ListSessionsResponse.builder()
                .sessions(SessionReader.of(place, appName).sessions(userId, List.of()).stream()
                        .map(this::handOut)
                        .toList())
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
     * Appends the event to the session, and applies its state delta, in one commit. Then the session object has them,
     * too, and all other changes of the states of the app, the user and the session since it was last up to date, at
     * the cost of those changes. A partial event changes nothing.
     *
     * @return the event; fails with {@link SessionNotFoundException} where the session does not exist, or no longer, with
     *     {@link dev.heartwood.UnsupportedValueException} where a key or value of the delta would not come back as it is,
     *     with {@link IllegalArgumentException} where the rest of the event would not: then nothing is changed, the session
     *     object included
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
            StateChange change = change(event);
            Object node = EventNodes.write(event, change);
            AtomicReference<SessionStates> states = new AtomicReference<>();
            AtomicInteger count = new AtomicInteger();
            SessionObjects.Known known = objects.of(session);
            long before = known.updates();
            place.atomically(tx -> {
                if (!tx.contains(at.session())) {
                    throw notFound(at);
                }
                change.applyTo(tx, at);
                tx.append(at.events(), node);
                tx.set(at.lastUpdate(), event.timestamp());
                states.set(SessionReader.states(tx, at));
                count.set(tx.size(at.events()));
            });
            known.update(session, event, change, Objects.requireNonNull(states.get()), count.get(), before);
            return event;
        });
    }

    private static StateChange change(Event event) {
        EventActions actions = event.actions();
        return actions == null || actions.stateDelta() == null
                ? StateChange.NONE
                : StateChange.of(actions.stateDelta());
    }

    private Session handOut(SessionReader.Found found) {
        return objects.handOut(found.session(), found.states());
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
