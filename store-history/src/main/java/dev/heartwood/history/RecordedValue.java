package dev.heartwood.history;

import dev.heartwood.history.RecordedPlaces.Place;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The recorded part of one value: the value itself if all of it is recorded; {@link Nodes#MISSING} if nothing of it is;
 * otherwise a copy without the other parts. A map loses the keys that are not recorded. A list keeps its length, so
 * that its other elements keep their places. Not recursive, so trees of any legal depth can be processed on any
 * thread's stack.
 */
final class RecordedValue {
    private final Supplier<Redacted> marks;
    private final Deque<Frame> open = new ArrayDeque<>();

    private RecordedValue(Supplier<Redacted> marks) {
        this.marks = marks;
    }

    /**
     * The part of a value that is recorded.
     *
     * @param place its place
     * @param marks makes the replacements of redacted values
     */
    static @Nullable Object of(@Nullable Object value, Place place, Supplier<Redacted> marks) {
        return new RecordedValue(marks).walk(value, place);
    }

    private @Nullable Object walk(@Nullable Object value, Place place) {
        Object done = enter(value, place);
        while (!open.isEmpty()) {
            Frame frame = open.element();
            if (!frame.children.hasNext()) {
                open.remove();
                done = frame.result();
                if (!open.isEmpty()) {
                    open.element().accept(done);
                }
                continue;
            }
            Object child = frame.next();
            int depth = open.size();
            done = enter(child, frame.place.child(frame.token));
            if (open.size() == depth) {
                frame.accept(done);
            }
        }
        return done;
    }

    /** The result for a value that need not be walked; otherwise opens a frame for it. */
    private @Nullable Object enter(@Nullable Object value, Place place) {
        if (place.isRedacted()) {
            return marks.get();
        } else if (place.isWhole()) {
            return value;
        } else if (value != null && Nodes.isContainer(value) && (place.isRecorded() || place.leadsToRecorded())) {
            open.push(value instanceof HashMap ? new MapFrame(Nodes.map(value), place) : new ListFrame(value, place));
            return value;
        }
        return place.isRecorded() ? value : Nodes.MISSING;
    }

    /** A container on the way, whose children are processed one by one. */
    private abstract static class Frame {
        final Place place;
        final Iterator<?> children;
        String token = "";

        Frame(Place place, Iterator<?> children) {
            this.place = place;
            this.children = children;
        }

        abstract @Nullable Object next();

        /** Takes the recorded part of the last child. */
        abstract void accept(@Nullable Object child);

        abstract Object result();
    }

    private static final class MapFrame extends Frame {
        private HashMap<String, @Nullable Object> result;
        private @Nullable Object child;

        MapFrame(HashMap<String, @Nullable Object> map, Place place) {
            super(place, map.iterator());
            this.result = map;
        }

        @Override
        @Nullable
        Object next() {
            io.vavr.Tuple2<?, ?> entry = (io.vavr.Tuple2<?, ?>) children.next();
            token = (String) entry._1;
            child = entry._2;
            return child;
        }

        @Override
        void accept(@Nullable Object recorded) {
            if (recorded == Nodes.MISSING) {
                result = result.remove(token);
            } else if (recorded != child) {
                result = result.put(token, recorded);
            }
        }

        @Override
        Object result() {
            return result;
        }
    }

    private static final class ListFrame extends Frame {
        private final Vector<@Nullable Object> list;
        private final List<@Nullable Object> recorded = new ArrayList<>();
        private boolean changed;
        private @Nullable Object child;

        ListFrame(Object list, Place place) {
            super(place, Nodes.list(list).iterator());
            this.list = Nodes.list(list);
        }

        @Override
        @Nullable
        Object next() {
            token = Integer.toString(recorded.size());
            child = children.next();
            return child;
        }

        @Override
        void accept(@Nullable Object element) {
            changed |= element != child;
            recorded.add(element == Nodes.MISSING ? Redacted.ELEMENT : element);
        }

        @Override
        Object result() {
            return changed ? Vector.ofAll(recorded) : list;
        }
    }
}
