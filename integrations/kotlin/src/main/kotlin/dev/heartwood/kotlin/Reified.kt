package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.Ref
import dev.heartwood.TreeEditor
import dev.heartwood.TreeView
import kotlin.reflect.KProperty

/**
 * The value at the path as a [T], converted exactly: `store.getAs<Int>(path)`.
 *
 * @throws dev.heartwood.NoSuchPathException if nothing is there
 * @throws dev.heartwood.TypeMismatchException if it is null, or no [T]
 * @throws IllegalArgumentException if [T] has type arguments, as `List<Int>` does: use [listAs] and [mapAs]
 */
public inline fun <reified T : Any> TreeView.getAs(path: KeyPath): T = get(path, exactClass<T>())

/** [getAs] at the path of the steps: `store.getAs<Int>("stats", "hits")`. */
public inline fun <reified T : Any> TreeView.getAs(vararg steps: Any): T = getAs(KeyPath.of(*steps))

/**
 * The value at the path as a [T], or null where nothing is, or null.
 *
 * @throws dev.heartwood.TypeMismatchException if it is no [T]
 */
public inline fun <reified T : Any> TreeView.findAs(path: KeyPath): T? =
    find(path, exactClass<T>()).orElse(null)

/** [findAs] at the path of the steps. */
public inline fun <reified T : Any> TreeView.findAs(vararg steps: Any): T? = findAs(KeyPath.of(*steps))

/** A view of the list at the path, whose elements are converted exactly when they are asked. */
public inline fun <reified T : Any> TreeView.listAs(path: KeyPath): List<T> = getList(path, exactClass<T>())

/** A view of the map at the path, whose values are converted exactly when they are asked. */
public inline fun <reified T : Any> TreeView.mapAs(path: KeyPath): Map<String, T> =
    getMap(path, exactClass<T>())

/**
 * Replaces the value at the path by the result of [next], atomically; returns the new value.
 *
 * @param next may run more than once, and must be free of side effects
 */
public inline fun <reified T : Any> TreeEditor.updateAs(path: KeyPath, noinline next: (T) -> T): T =
    update(path, exactClass<T>(), next)

/** The handle, for values of the type [T]: `store.at("stats", "hits").typed<Long>()`. */
public inline fun <reified T : Any> Ref<*>.typed(): Ref<T> = typed(exactClass<T>())

/** A place of the tree as a property: `var hits by store.at("stats", "hits").typed<Long>()`. */
public operator fun <T : Any> Ref<T>.getValue(owner: Any?, property: KProperty<*>): T = get()

/** Puts the value. `hits += 1` is a read and a put, and no atomic update: `increment` and `update` are. */
public operator fun <T : Any> Ref<T>.setValue(owner: Any?, property: KProperty<*>, value: T): Unit = set(value)
