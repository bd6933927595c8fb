package dev.heartwood.kotlin

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import org.assertj.core.api.Assertions.assertThat
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Code that must not compile, each beside similar code that must. */
class CompilerTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun theMarkedLinesAndNoOthersDoNotCompile() {
        val source = folder.resolve("Sample.kt")
        Files.writeString(source, SAMPLE)
        val output = ByteArrayOutputStream()

        K2JVMCompiler().exec(
            PrintStream(output),
            "-no-stdlib",
            "-no-reflect",
            "-Xjspecify-annotations=strict",
            "-jvm-target",
            "17",
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            "-d",
            folder.resolve("classes").toString(),
            source.toString(),
        )

        val refused = Regex("""Sample\.kt:(\d+):\d+: error: """).findAll(output.toString()).map { it.groupValues[1].toInt() }
        val marked = SAMPLE.lines().withIndex().filter { (_, line) -> MARK in line }.map { it.index + 1 }
        assertThat(refused.distinct().sorted().toList()).`as`(output.toString()).isEqualTo(marked)
    }

    private companion object {
        const val MARK = "// no"

        val SAMPLE = """
            import dev.heartwood.Store
            import dev.heartwood.kotlin.*
            import kotlin.time.Duration.Companion.seconds
            import kotlinx.coroutines.delay

            suspend fun sample(store: Store) {
                store.atomic { delay(1) } // no: a batch may run again
                store.atomic { store.await { true } } // no
                store.awaitAtomic(1.seconds) { delay(1) } // no
                store.await { delay(1); true } // no
                store.updateAs<Int>(path("n")) { delay(1); it } // no
                store.atomic { return } // no
                store.getAs<Int?>("n") // no: null is no Int
                store.updateAs<Int>(path("n")) { null } // no
                val any: Int = store["n"] // no
                val text: String = store["a", "b"] // no
                path("a", null) // no
                store["a", null, "b"] // no
                store["a", "b", "c", "d"] = 1 // no: store[path(...)]
                store.changes().value // no

                val found: Int? = store.findAs<Int>("n")
                val nothing: Any? = store["n"]
                store["a", "b"] = null
                store[path("a", "b", "c", "d")] = found
                store.awaitAtomic(1.seconds) { check(contains("n")); get("n") }
                store.changes().collect { update -> delay(1); println("${'$'}nothing ${'$'}{update.newValue()}") }
            }
        """.trimIndent()
    }
}
