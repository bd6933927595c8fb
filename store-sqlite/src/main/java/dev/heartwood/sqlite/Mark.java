package dev.heartwood.sqlite;

/**
 * What the database says of itself.
 *
 * @param version the version of its newest state
 * @param floor the tombstones of removed keys are kept for later versions only: who is behind it must read all rows
 * @param storeUuid who it is; another one means that the file was replaced
 */
record Mark(long version, long floor, String storeUuid) {}
