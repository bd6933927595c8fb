package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.Store
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class ReadmeTest {
    // begin of the sample
    @Test
    fun sample(): Unit = runBlocking {
        val store = Store.of(mapOf("user" to mapOf("name" to "Ada"), "stats" to mapOf("hits" to 0), "jobs" to listOf("tea")))

        store["user", "name"] = "Ada L."                             // a string is one key and never split
        val hits: Int = store.getAs("stats", "hits")                 // converted exactly, or refused
        store.updateAs<Int>(path("stats") / "hits") { it + 1 }       // atomic, from any thread
        val counted = async(start = CoroutineStart.UNDISPATCHED) { store.changes(path("stats")).first() }

        val job = store.awaitAtomic(5.seconds) {                     // sleeps until there is a job; takes it atomically
            check(size("jobs") > 0)
            increment(path("stats", "hits"))
            remove(path("jobs", 0))
        }
        launch { store["done"] = job }
        store.await { KeyPath.of("done") in it }                     // suspends; no thread waits
        println("$hits, then ${counted.await()}")
    }
    // end of the sample

    @Test
    fun theReadmeHasThisSample() {
        val source = Files.readString(Path.of("src/test/kotlin/dev/heartwood/kotlin/ReadmeTest.kt"))
        val sample = source.substringAfter("runBlocking {\n").substringBefore("    }\n    // end").replace(Regex("(?m)^ {8}"), "")

        assertThat(Files.readString(Path.of("README.md"))).contains("```kotlin\n$sample```")
    }
}
