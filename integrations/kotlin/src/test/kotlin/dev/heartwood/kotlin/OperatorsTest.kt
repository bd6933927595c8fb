package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.NoSuchPathException
import dev.heartwood.Store
import dev.heartwood.TypeMismatchException
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class OperatorsTest {
    private val store = Store.of(mapOf("user" to mapOf("name" to "Ada", "tags" to listOf("admin", "early"), "age" to 36)))

    @Test
    fun aPlaceIsReadAndWrittenWithBrackets() {
        store["user", "name"] = "Ada L."
        store["user", "address", "city"] = "London"
        store["votes"] = 1
        store[path("a", "b", "c", "d")] = null

        assertThat(store["user", "name"]).isEqualTo("Ada L.")
        assertThat(store["user", "tags", 1]).isEqualTo("early")
        assertThat(store["user", "address", "city"]).isEqualTo("London")
        assertThat(store["votes"]).isEqualTo(1L)
        assertThat(store["a", "b", "c", "d"]).isNull()
        assertThat(path("user", "name") in store).isTrue()
        assertThat("nobody" in store).isFalse()
    }

    @Test
    fun aPathGoesOneStepFurtherWithASlash() {
        assertThat(path("user") / "tags" / 0).isEqualTo(KeyPath.parse("/user/tags/0"))
    }

    @Test
    fun aTypeIsConvertedExactlyOrRefused() {
        assertThat(store.getAs<Int>("user", "age")).isEqualTo(36)
        assertThat(store.getAs<Long>("user", "age")).isEqualTo(36L)
        assertThat(store.findAs<String>("user", "nickname")).isNull()
        assertThat(store.listAs<String>(path("user", "tags"))).containsExactly("admin", "early")
        assertThat(store.mapAs<Any>(path("user"))).containsKeys("name", "age", "tags")
        assertThatThrownBy { store.getAs<Int>("user", "name") }.isInstanceOf(TypeMismatchException::class.java)
        assertThatThrownBy { store.getAs<Int>("nobody") }.isInstanceOf(NoSuchPathException::class.java)
    }

    @Test
    fun anUpdateHasTheTypeOfItsFunction() {
        assertThat(store.updateAs<Int>(path("user", "age")) { it + 1 }).isEqualTo(37)
    }

    @Test
    fun aPlaceIsAProperty() {
        var age by store.at("user", "age").typed<Int>()

        age = age + 1

        assertThat(store["user", "age"]).isEqualTo(37L)
    }

    @Test
    fun aBatchIsSeenWholeOrNotAtAll() {
        val before = store.snapshot()

        assertThatThrownBy {
            store.atomic {
                set("votes", 1)
                error("changed its mind")
            }
        }.hasMessage("changed its mind")
        val votes = store.atomic {
            this["user", "voted"] = true
            init("votes", 0)
            increment("votes", 2)
            getAs<Int>("votes")
        }

        assertThat(votes).isEqualTo(2)
        assertThat(before.diff(store.snapshot()).size()).isEqualTo(2)
    }
}
