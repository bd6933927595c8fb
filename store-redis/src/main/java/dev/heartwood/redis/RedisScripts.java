package dev.heartwood.redis;

/**
 * The scripts that Redis executes, each in one step. The key {@code head} is a hash: the {@code number} and {@code id} of the
 * last entry, the number of the {@code first} one that is kept, the {@code claim}, the {@code checkpoint}, and whether there
 * are {@code parts}. The key {@code entries} is a hash with the id and the body of each entry by its number, {@code parts} a hash of the parts by their
 * names, and {@code names} a sorted set of those. Each script is given all four keys in this order.
 */
final class RedisScripts {
    /**
     * The entries from a number on, as many as fit into a page. PERSIST changes nothing, but counts as a write: a
     * primary that has become a replica refuses it, and so gives no answer from the past. It must not come before the
     * writes of an append: Redis checks for free memory only before the first write of a script, and not before
     * PERSIST.
     *
     * <p>A key can be gone alone: Redis evicts one at a time, and the head, which is used all the time, as the last. So there is
     * a log only where the last entry is there, if any is kept, and the parts are, if the head says that there are some.
     */
    private static final String TAIL = """
            local head = redis.call('HMGET', KEYS[1], 'number', 'id', 'first', 'claim', 'parts')
            local whole = head[1] and (tonumber(head[1]) < tonumber(head[3]) or redis.call('HEXISTS', KEYS[2], head[1]) == 1)
              and (not head[5] or redis.call('EXISTS', KEYS[3]) == 1)
            local function tail(from)
              redis.call('PERSIST', KEYS[1])
              if not whole then return {false, false} end
              local page, bytes = {}, 0
              for number = math.max(tonumber(from), tonumber(head[3])), tonumber(head[1]) do
                local name = string.format('%.0f', number) local entry = redis.call('HGET', KEYS[2], name)
                if not entry or (#page > 0 and (#page >= 1000 or bytes + #entry > 4194304)) then break end
                bytes, page[#page + 1] = bytes + #entry, name .. '\\n' .. entry
              end
              return {head[1], head[2], page, head[4]}
            end
            """;

    /** Makes the log where there is none. */
    static final String MAKE = "return redis.call('EXISTS', KEYS[1]) == 1"
            + " or redis.call('HSET', KEYS[1], 'number', '0', 'id', ARGV[1], 'first', '1')";

    /**
     * Appends ARGV[3] ARGV[4] ARGV[5] if the log ends with ARGV[1] ARGV[2], and wakes channel ARGV[6]. The position is
     * written last: an error before that leaves the log as it was. (Redis does not undo the writes of a script before
     * an error.) An error of the wake-up is no error of the append.
     */
    static final String APPEND = TAIL + """
            if not whole or head[1] ~= ARGV[1] or head[2] ~= ARGV[2] then return tail(ARGV[3]) end
            redis.call('HSET', KEYS[2], ARGV[3], ARGV[4] .. '\\n' .. ARGV[5])
            redis.call('HSET', KEYS[1], 'number', ARGV[3], 'id', ARGV[4])
            return redis.pcall('PUBLISH', ARGV[6], ARGV[3]) and {head[4]}
            """;

    /** The log from ARGV[1] on. */
    static final String READ = TAIL + "return tail(ARGV[1])";

    /**
     * Replaces field ARGV[1] of the position by ARGV[3] if it is ARGV[2], and there is a log. Both have a sign before the text;
     * without it, they say that the field is not there.
     */
    static final String REPLACE = """
            local head = redis.call('HMGET', KEYS[1], ARGV[1], 'number')
            if not head[2] or (head[1] and '=' .. head[1] or '') ~= ARGV[2] then return 0 end
            if ARGV[3] == '' then return redis.call('HDEL', KEYS[1], ARGV[1]) end
            return redis.call('HSET', KEYS[1], ARGV[1], string.sub(ARGV[3], 2)) and 1
            """;

    /** Drops entries below ARGV[1], some of them at a time; gives 1 if there may be more. */
    static final String TRIM = """
            local head = redis.call('HMGET', KEYS[1], 'number', 'first')
            local first = tonumber(head[2] or 0)
            local stop = math.min(tonumber(ARGV[1]), tonumber(head[1] or 0), first + 500)
            if stop <= first then return 0 end
            redis.call('HSET', KEYS[1], 'first', string.format('%.0f', stop))
            for number = first, stop - 1 do redis.call('HDEL', KEYS[2], string.format('%.0f', number)) end
            return 1
            """;

    /** Sets part ARGV[1] to ARGV[2], with its name: a part without a name would stay for ever. */
    static final String PUT = """
            redis.call('ZADD', KEYS[4], '0', ARGV[1]) redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
            if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'parts', '1') end
            """;

    /**
     * Deletes parts from ARGV[1] on and before ARGV[2], some of them at a time; gives 1 if there may be more. The names of
     * parts stand in a sorted set of their own: the comparison of texts in a script depends on the server's language.
     */
    static final String DELETE = """
            local some = redis.call('ZRANGEBYLEX', KEYS[4], '[' .. ARGV[1], '(' .. ARGV[2], 'LIMIT', 0, 100) if #some == 0 then return 0 end
            redis.call('HDEL', KEYS[3], unpack(some)) redis.call('ZREM', KEYS[4], unpack(some))
            if redis.call('EXISTS', KEYS[3]) == 0 then redis.call('HDEL', KEYS[1], 'parts') end
            return 1
            """;

    private RedisScripts() {}
}
