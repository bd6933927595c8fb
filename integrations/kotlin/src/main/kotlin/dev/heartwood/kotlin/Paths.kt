package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.TreeEditor
import dev.heartwood.TreeView

/** The path of these steps: a string is one key and never split, an integer a list index. */
public fun path(vararg steps: Any): KeyPath = KeyPath.of(*steps)

/** One step further: `path("users") / 0 / "name"`. */
public operator fun KeyPath.div(step: Any): KeyPath = child(step)

/**
 * The value at the path of the steps: `store["users", 0, "name"]`. `store["users"]` and `store[path]` are [TreeView]'s own.
 *
 * @throws dev.heartwood.NoSuchPathException if nothing is there
 */
public operator fun TreeView.get(first: Any, second: Any, vararg more: Any): Any? = get(KeyPath.of(first, second, *more))

/** Puts the value at the path of two steps: `store["user", "name"] = "Ada"`. */
public operator fun TreeEditor.set(first: Any, second: Any, value: Any?): Unit = set(KeyPath.of(first, second), value)

/** Puts the value at the path of three steps. For a longer one: `store[path("a", "b", "c", "d")] = value`. */
public operator fun TreeEditor.set(first: Any, second: Any, third: Any, value: Any?): Unit =
    set(KeyPath.of(first, second, third), value)
