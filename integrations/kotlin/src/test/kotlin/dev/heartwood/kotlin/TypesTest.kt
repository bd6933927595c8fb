package dev.heartwood.kotlin

import dev.heartwood.NoSuchPathException
import dev.heartwood.Store
import dev.heartwood.TypeMismatchException
import java.math.BigInteger
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatCode
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class TypesTest {
    private val store = Store.of(
        mapOf(
            "numbers" to listOf(1, 2),
            "texts" to listOf("a"),
            "map" to mapOf("k" to 1),
            "null" to null,
            "n" to 5,
            "half" to 0.5,
            "large" to BigInteger.TWO.pow(70),
            "c" to "x",
        ),
    )

    @Test
    fun aTypeThatSaysWhatItContainsIsRefusedSinceItsElementsWouldNotBeChecked() {
        for (reading in listOf<() -> Any?>(
            { store.getAs<List<Int>>("numbers") },
            { store.getAs<List<String>>("numbers") },
            { store.findAs<Map<String, String>>("map") },
            { store.getAs<Array<Int>>("numbers") },
            { store.listAs<List<String>>(path("numbers")) },
            { store.mapAs<List<String>>(path("map")) },
            { store.updateAs<List<String>>(path("numbers")) { it + "x" } },
            { store.at("numbers").typed<List<String>>() },
        )) {
            assertThatThrownBy { reading() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining("listAs")
        }
        assertThat(store.listAs<Int>(path("numbers"))).containsExactly(1, 2)
    }

    @Test
    fun aContainerOfAnythingIsRead() {
        assertThat(store.getAs<List<*>>("numbers")).isEqualTo(listOf(1L, 2L))
        assertThat(store.getAs<List<Any?>>("numbers")).isEqualTo(listOf(1L, 2L))
        assertThat(store.getAs<Map<String, *>>("map")).isEqualTo(mapOf("k" to 1L))
        assertThat(store.getAs<Map<String, Any?>>("map")).isEqualTo(mapOf("k" to 1L))
        assertThat(store.mapAs<Int>(path("map"))).isEqualTo(mapOf("k" to 1))
        assertThatThrownBy { store.listAs<String>(path("numbers"))[0] }.isInstanceOf(TypeMismatchException::class.java)
    }

    @Test
    fun aNumberIsReadAsATypeThatHoldsItExactlyOrIsRefused() {
        assertThat(store.getAs<Byte>("n")).isEqualTo(5.toByte())
        assertThat(store.getAs<Double>("n")).isEqualTo(5.0)
        assertThat(store.getAs<Char>("c")).isEqualTo('x')
        assertThatThrownBy { store.getAs<Int>("half") }.isInstanceOf(TypeMismatchException::class.java)
        assertThatThrownBy { store.getAs<Long>("large") }.isInstanceOf(TypeMismatchException::class.java)
        assertThatThrownBy { store.getAs<UInt>("n") }.isInstanceOf(TypeMismatchException::class.java)
        assertThatThrownBy { store.getAs<Boolean>("n") }.isInstanceOf(TypeMismatchException::class.java)
    }

    @Test
    fun nullAndWhatIsMissingAreTwoThings() {
        assertThat(store["null"]).isNull()
        assertThatThrownBy { store.getAs<Int>("null") }.isInstanceOf(TypeMismatchException::class.java)
        assertThat(store.findAs<Int>("null")).isNull()
        assertThat(store.findAs<Int>("nobody", "here")).isNull()
        assertThatThrownBy { store["nobody", "here"] }.isInstanceOf(NoSuchPathException::class.java)
        assertThatThrownBy { store.updateAs<Int>(path("nobody")) { it } }.isInstanceOf(NoSuchPathException::class.java)
        assertThatThrownBy { store["n", "below a number"] = 1 }.isInstanceOf(TypeMismatchException::class.java)
        assertThatThrownBy { store["numbers", 7] = 1 }.isInstanceOf(RuntimeException::class.java)
        assertThatThrownBy { store[path("n"), "k"] }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("step 0")
    }

    @Test
    fun aPropertyOfAPlaceIsReadWrittenAndRefusedAsThePlaceIs() {
        var n: Int by store.at("n").typed<Int>()
        val nobody: Int by store.at("nobody").typed<Int>()
        val wrong: String by store.at("n").typed<String>()

        n += 1

        assertThat(store["n"]).isEqualTo(6L)
        assertThatThrownBy { nobody }.isInstanceOf(NoSuchPathException::class.java)
        assertThatThrownBy { wrong }.isInstanceOf(TypeMismatchException::class.java)
    }

    @Test
    fun whatAnUpdateThrowsIsThrownAndNothingIsChanged() {
        class Mine : Exception("mine")
        val before = store.version()

        assertThatThrownBy { store.updateAs<Int>(path("n")) { throw Mine() } }.isInstanceOf(Mine::class.java)
        assertThatThrownBy { store.atomic { increment("n"); throw Mine() } }.isInstanceOf(Mine::class.java)
        assertThatCode { store.updateAs<Int>(path("n")) { it } }.doesNotThrowAnyException()

        assertThat(store.version()).isEqualTo(before)
    }

    @Test
    fun aBatchMayGiveNull() {
        assertThat(store.atomic { get("null") }).isNull()
        assertThat(store.atomic { }).isEqualTo(Unit)
    }
}
