package dev.heartwood.kotlin

import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.typeOf

/**
 * The class to which a value is converted as a [T].
 *
 * @throws IllegalArgumentException if [T] has type arguments, as `List<Int>` does: a class has none, so the elements
 *     would keep their own types, and fail far from here
 */
@PublishedApi
internal inline fun <reified T : Any> exactClass(): Class<T> = exactClass(typeOf<T>(), T::class)

@PublishedApi
internal fun <T : Any> exactClass(type: KType, kind: KClass<T>): Class<T> {
    val says = type.arguments.filterIndexed { index, argument -> !(kind == Map::class && index == 0 && argument.type == KEY) }
    require(says.all { it.type == null || it.type == ANYTHING }) {
        "The elements of a $type are not checked here. Nothing was read or changed. Use listAs or mapAs with their type," +
            " or List<*> and Map<String, *>."
    }
    return kind.javaObjectType
}

private val ANYTHING = typeOf<Any?>()
private val KEY = typeOf<String>()
