package dev.heartwood.log.testkit;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A connection that passes every request on; subclasses change some. */
class ForwardingLog implements SharedLog {
    private final SharedLog log;

    ForwardingLog(SharedLog log) {
        this.log = log;
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        return log.append(on, next, mine);
    }

    @Override
    public Position last() throws LogException.Unavailable, LogException.Refused {
        return log.last();
    }

    @Override
    public Tail read(long from) throws LogException.Unavailable, LogException.Refused {
        return log.read(from);
    }

    @Override
    public Listening listen(LongConsumer wake) {
        return log.listen(wake);
    }

    @Override
    public int largestValue() {
        return log.largestValue();
    }

    @Override
    public void put(String name, String part)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.put(name, part);
    }

    @Override
    public @Nullable String get(String name) throws LogException.Unavailable, LogException.Refused {
        return log.get(name);
    }

    @Override
    public void delete(String from, String to)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.delete(from, to);
    }

    @Override
    public Optional<String> checkpoint() throws LogException.Unavailable, LogException.Refused {
        return log.checkpoint();
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        return log.checkpoint(before, after);
    }

    @Override
    public void trim(long below) throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.trim(below);
    }

    @Override
    public void close() {
        log.close();
    }
}
