package dev.heartwood.tree;

/** Stands for a value that is not told, in a tree that lacks parts. Such a tree can be read and written, and no store takes the placeholder. */
public interface Placeholder {}
