package dev.heartwood;

/**
 * Figures of a store at one moment, for monitoring: {@link Store#statistics}. The counts begin with the opening of the
 * store, are those of this process, and do not go back.
 *
 * @param version the version of the newest state that readers see
 * @param undecided how many versions were accepted, and are not yet as durable as the root promises: 0 in memory
 * @param watchedPlaces the places at which watchers and waiting functions are registered; one that has read several
 *     places counts for each
 * @param lostRaces how often a commit was put onto a newer state because another one was first
 * @param repeatedRuns how often a function or body ran again because something that it had read was changed
 */
public record StoreStatistics(long version, long undecided, long watchedPlaces, long lostRaces, long repeatedRuns) {}
