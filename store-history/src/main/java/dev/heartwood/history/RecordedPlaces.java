package dev.heartwood.history;

import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.PathPattern;
import java.util.ArrayList;
import java.util.List;

/** The places that a history records (all, or those of some patterns), and the places that it redacts. Immutable. */
final class RecordedPlaces {
    static final RecordedPlaces ALL = new RecordedPlaces(List.of(), List.of());

    private final List<PathPattern> only;
    private final List<PathPattern> redacted;
    private final List<StepMatcher> onlyMatchers;
    private final List<StepMatcher> redactedMatchers;

    RecordedPlaces(List<PathPattern> only, List<PathPattern> redacted) {
        this.only = List.copyOf(only);
        this.redacted = List.copyOf(redacted);
        this.onlyMatchers = this.only.stream().map(StepMatcher::new).toList();
        this.redactedMatchers = this.redacted.stream().map(StepMatcher::new).toList();
    }

    /** Whether every place is recorded without redaction. */
    boolean isAll() {
        return only.isEmpty() && redacted.isEmpty();
    }

    /** Whether only some places are recorded, so that there are commits that change none of them. */
    boolean isSparse() {
        return !only.isEmpty();
    }

    /** A chain for these places: steps of sessions are folded, unless places are named. */
    StateChain newChain(long most) {
        return new StateChain(most, !isSparse());
    }

    List<PathPattern> only() {
        return only;
    }

    List<PathPattern> redacted() {
        return redacted;
    }

    /** These, and more places that are recorded. */
    RecordedPlaces only(List<PathPattern> more) {
        return new RecordedPlaces(joined(only, more), redacted);
    }

    /** These, and more places that are redacted. */
    RecordedPlaces redact(List<PathPattern> more) {
        for (PathPattern pattern : more) {
            if (pattern.matches(KeyPath.root())) {
                throw new IllegalArgumentException("\"" + pattern
                        + "\" means the top level, which a history cannot redact: name the keys in it, or /* for all of"
                        + " them");
            }
        }
        return new RecordedPlaces(only, joined(redacted, more));
    }

    /** The places of a copy for which these others are chosen: a state that lacks places still does in the copy. */
    RecordedPlaces copiedWith(RecordedPlaces chosen) {
        return new RecordedPlaces(chosen.only.isEmpty() ? only : chosen.only, joined(redacted, chosen.redacted));
    }

    private static List<PathPattern> joined(List<PathPattern> some, List<PathPattern> more) {
        List<PathPattern> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** The origin, without the place of a conflict if that place is not fully recorded. */
    Origin shown(Origin origin) {
        KeyPath conflict = origin.conflict();
        if (conflict == null || isAll()) {
            return origin;
        }
        Place place = root();
        for (String token : conflict.tokens()) {
            place = place.child(token);
            if (place.isRedacted()) {
                return withoutConflict(origin);
            }
        }
        return place.isRecorded() ? origin : withoutConflict(origin);
    }

    private static Origin withoutConflict(Origin origin) {
        return Origin.of(
                origin.author(),
                origin.label(),
                origin.time(),
                origin.thread(),
                origin.threadId(),
                origin.attempts(),
                null,
                origin.where());
    }

    /** The top level. */
    Place root() {
        List<boolean[]> inOnly = onlyMatchers.stream().map(StepMatcher::start).toList();
        List<boolean[]> inRedacted =
                redactedMatchers.stream().map(StepMatcher::start).toList();
        return new Place(only.isEmpty(), inOnly, inRedacted);
    }

    /** A place in the tree, with its positions in the patterns. */
    final class Place {
        private final boolean recorded;
        private final List<boolean[]> inOnly;
        private final List<boolean[]> inRedacted;

        private Place(boolean above, List<boolean[]> inOnly, List<boolean[]> inRedacted) {
            this.recorded = above || any(onlyMatchers, inOnly, StepMatcher::isEnd);
            this.inOnly = inOnly;
            this.inRedacted = inRedacted;
        }

        Place child(String token) {
            return new Place(recorded, after(onlyMatchers, inOnly, token), after(redactedMatchers, inRedacted, token));
        }

        /** Whether the place must be redacted, with everything below it. */
        boolean isRedacted() {
            return any(redactedMatchers, inRedacted, StepMatcher::isEnd) && (recorded || leadsToRecorded());
        }

        /** Whether the place is recorded, except redacted places below it. */
        boolean isRecorded() {
            return recorded;
        }

        /** Whether places below this one may be recorded, though it is not. */
        boolean leadsToRecorded() {
            return any(onlyMatchers, inOnly, StepMatcher::leadsOn);
        }

        /** Whether everything below this place is recorded without redaction. */
        boolean isWhole() {
            return recorded && !any(redactedMatchers, inRedacted, StepMatcher::leadsOn);
        }

        /** Whether elements of a list at this place are treated by their index, so that it matters when one moves. */
        boolean isParticular() {
            return any(redactedMatchers, inRedacted, StepMatcher::isParticular)
                    || (!recorded && any(onlyMatchers, inOnly, StepMatcher::isParticular));
        }
    }

    private interface Question {
        boolean ask(StepMatcher matcher, boolean[] at);
    }

    private static boolean any(List<StepMatcher> matchers, List<boolean[]> at, Question question) {
        for (int i = 0; i < matchers.size(); i++) {
            if (question.ask(matchers.get(i), at.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static List<boolean[]> after(List<StepMatcher> matchers, List<boolean[]> at, String token) {
        List<boolean[]> next = new ArrayList<>(at.size());
        for (int i = 0; i < at.size(); i++) {
            next.add(matchers.get(i).after(at.get(i), token));
        }
        return next;
    }
}
