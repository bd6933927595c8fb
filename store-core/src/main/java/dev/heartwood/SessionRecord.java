package dev.heartwood;

import java.util.Set;

/**
 * An open session, as the tree has it.
 *
 * @param fence its number
 * @param name for people
 * @param beat the number of its heartbeats
 * @param ttl how long it may be silent, in nanoseconds
 * @param handlers the names of the functions that it needs at its end
 */
record SessionRecord(long fence, String name, long beat, long ttl, Set<String> handlers) {}
