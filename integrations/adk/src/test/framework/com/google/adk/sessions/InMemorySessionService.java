package com.google.adk.sessions;

import com.google.adk.events.Event;
import dev.heartwood.Store;
import dev.heartwood.adk.HeartwoodSessionService;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;

/** In place of ADK's class of this name: a service of ours. */
public final class InMemorySessionService implements BaseSessionService {
    private final BaseSessionService service =
            HeartwoodSessionService.of(Store.create().under("sessions"));

    @Override
    @Deprecated
    public Single<Session> createSession(
            String appName, String userId, ConcurrentMap<String, Object> state, String sessionId) {
        return service.createSession(appName, userId, state, sessionId);
    }

    @Override
    public Single<Session> createSession(String appName, String userId, Map<String, Object> state, String sessionId) {
        return service.createSession(appName, userId, state, sessionId);
    }

    @Override
    public Maybe<Session> getSession(String appName, String userId, String id, Optional<GetSessionConfig> config) {
        return service.getSession(appName, userId, id, config);
    }

    @Override
    public Single<ListSessionsResponse> listSessions(String appName, String userId) {
        return service.listSessions(appName, userId);
    }

    @Override
    public Completable deleteSession(String appName, String userId, String id) {
        return service.deleteSession(appName, userId, id);
    }

    @Override
    public Single<ListEventsResponse> listEvents(String appName, String userId, String id) {
        return service.listEvents(appName, userId, id);
    }

    @Override
    public Single<Event> appendEvent(Session session, Event event) {
        return service.appendEvent(session, event);
    }
}
