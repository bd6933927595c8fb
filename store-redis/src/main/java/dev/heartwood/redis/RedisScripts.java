package dev.heartwood.redis;

/**
 * The scripts that Redis executes, each in one step. The key {@code head} is a hash: the {@code number} and {@code id} of the
 * last entry, the number of the {@code first} one that is kept, the {@code claim}, the {@code checkpoint}. The key
 * {@code entries} is a hash with the id and the body of each entry by its number.
 */
final class RedisScripts {
    /**
     * The entries from a number on, as many as fit into a page. PERSIST changes nothing, but counts as a write: a primary
     * that has become a replica refuses it, and so gives no answer from the past. It must not come before the writes of an
     * append: Redis asks whether it has memory only before the first write of a script, and of PERSIST it does not ask.
     */
    private static final String TAIL = """
            local function tail(head, from)
              redis.call('PERSIST', KEYS[1])
              local page, bytes = {}, 0
              for number = math.max(tonumber(from), tonumber(head[3])), tonumber(head[1]) do
                local entry = redis.call('HGET', KEYS[2], string.format('%.0f', number))
                if not entry or (#page > 0 and (#page >= 400 or bytes + #entry > 4194304)) then break end
                bytes = bytes + #entry
                page[#page + 1] = string.format('%.0f', number)
                page[#page + 1] = entry
              end
              return {0, head[1], head[2], head[4], page}
            end
            local head = redis.call('HMGET', KEYS[1], 'number', 'id', 'first', 'claim')
            if not head[1] then
              redis.call('PERSIST', KEYS[1])
              return {-1}
            end
            """;

    /** Makes the log where there is none. */
    static final String MAKE = """
            if redis.call('EXISTS', KEYS[1]) == 0 then
              redis.call('HSET', KEYS[1], 'number', '0', 'id', ARGV[1], 'first', '1')
            end
            return 1
            """;

    /**
     * Appends ARGV[3] ARGV[4] ARGV[5] if the log ends with ARGV[1] ARGV[2], and wakes channel ARGV[6]. The position is written last: an error before
     * that leaves the log as it was. (Redis does not undo what a script has done before an error.) An error of the wake-up
     * is no error of the append.
     */
    static final String APPEND = TAIL + """
            if head[1] ~= ARGV[1] or head[2] ~= ARGV[2] then return tail(head, ARGV[3]) end
            local claim = head[4]
            redis.call('HSET', KEYS[2], ARGV[3], ARGV[4] .. '\\n' .. ARGV[5])
            if claim and string.match(claim, '^[^ ]*') == string.match(ARGV[4], '^[^:]*') then
              redis.call('HDEL', KEYS[1], 'claim')
              claim = false
            end
            redis.call('HSET', KEYS[1], 'number', ARGV[3], 'id', ARGV[4])
            redis.pcall('PUBLISH', ARGV[6], ARGV[3])
            return {1, claim}
            """;

    /** The log from ARGV[1] on. */
    static final String READ = TAIL + "return tail(head, ARGV[1])";

    /** Replaces field ARGV[1] of the position by ARGV[2] if it is ARGV[3], or if it is not there and there is no ARGV[3]. */
    static final String REPLACE = """
            if redis.call('HGET', KEYS[1], ARGV[1]) ~= (ARGV[3] or false) then return 0 end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            return 1
            """;

    /** Drops entries below ARGV[1], some of them at a time; gives 1 if there are more. */
    static final String TRIM = """
            local head = redis.call('HMGET', KEYS[1], 'number', 'first')
            if not head[1] then return 0 end
            local first, below = tonumber(head[2]), math.min(tonumber(ARGV[1]), tonumber(head[1]))
            local stop = math.min(below, first + 500)
            if stop <= first then return 0 end
            redis.call('HSET', KEYS[1], 'first', string.format('%.0f', stop))
            for number = first, stop - 1 do redis.call('HDEL', KEYS[2], string.format('%.0f', number)) end
            return stop < below and 1 or 0
            """;

    /** Stores part ARGV[1]. The names stand in a sorted set, too, by which ranges of them are deleted. */
    static final String PUT = """
            redis.call('ZADD', KEYS[2], 0, ARGV[1])
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            return 1
            """;

    /** Deletes parts from ARGV[1] on and before ARGV[2], some of them at a time; gives 1 if there are more. */
    static final String DELETE = """
            local names = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. ARGV[1], '(' .. ARGV[2], 'LIMIT', 0, 100)
            for _, name in ipairs(names) do
              redis.call('HDEL', KEYS[1], name)
              redis.call('ZREM', KEYS[2], name)
            end
            return #names == 100 and 1 or 0
            """;

    private RedisScripts() {}
}
