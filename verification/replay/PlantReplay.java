import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replays plants in a compiled copy of the repository. First each named test must be green there as the copy is. Then, for one
 * plant after the other, the changed module is compiled into a folder that comes before its own classes, and the named test
 * alone runs, in a JVM of its own: it must be red.
 */
final class PlantReplay {
    private final PlantCopy copy;
    private final PlantJvm jvm;

    private PlantReplay(PlantCopy copy, PlantJvm jvm) {
        this.copy = copy;
        this.jvm = jvm;
    }

    /** The copy, an empty folder, and the names of plants; without names, all of them. */
    public static void main(String[] args) throws Exception {
        PlantCopy copy = new PlantCopy(Path.of(args[0]), Path.of(args[1]));
        List<Plant> plants = Plant.named(copy.top(), Arrays.asList(args).subList(2, args.length));
        Path runner = copy.compileRunner(plants.get(0).module());
        List<String> wrong = new PlantReplay(copy, new PlantJvm(copy, runner)).replay(plants);
        System.out.println(wrong.isEmpty() ? "All of them were seen." : wrong.size() + " are not as they should be:");
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private List<String> replay(List<Plant> plants) throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<String, PlantJvm.Outcome> asItIs = runAsItIs(plants);
        for (Plant plant : plants) {
            long began = System.nanoTime();
            PlantJvm.Outcome before = asItIs.getOrDefault(key(plant), new PlantJvm.Outcome(0, 0, "it did not run"));
            String verdict = before.tests() == 0 || before.failures() > 0
                    ? "ITS TEST IS NOT GREEN WITHOUT IT: " + before.said()
                    : judge(plant);
            System.out.printf("%-60s %5.1f s  %s%n", plant.name(), (System.nanoTime() - began) / 1e9, verdict);
            if (!verdict.startsWith("red")) {
                wrong.add(plant.name() + ": " + verdict);
            }
        }
        return wrong;
    }

    private String judge(Plant plant) throws Exception {
        Path classes = Files.createDirectory(copy.scratch().resolve("classes-" + plant.name()));
        String errors = copy.compile(plant, classes);
        if (!errors.isEmpty()) {
            return "IT DOES NOT COMPILE: " + errors;
        }
        PlantJvm.Outcome outcome = plant.isSuite(copy.top())
                ? jvm.suite(plant.module(), classes.toString(), testName(plant))
                : jvm.run(plant.module(), plant.jvm(), classes.toString(), List.of(testName(plant)))
                        .get(testName(plant));
        PlantCopy.delete(classes);
        if (outcome == null) {
            return "THE JVM OF THE TEST ENDED, OR HUNG";
        }
        return outcome.failures() > 0 ? "red: " + outcome.said() : "THE TEST STAYS GREEN: " + plant.test();
    }

    /** Every named test, with nothing planted: a test that is red by itself would prove nothing. */
    private Map<String, PlantJvm.Outcome> runAsItIs(List<Plant> plants) throws Exception {
        Map<String, PlantJvm.Outcome> all = new HashMap<>();
        Map<List<String>, Set<String>> tests = new LinkedHashMap<>();
        for (Plant plant : plants) {
            if (!plant.isSuite(copy.top())) {
                tests.computeIfAbsent(List.of(plant.module(), plant.jvm()), jvm -> new LinkedHashSet<>())
                        .add(testName(plant));
            } else if (!all.containsKey(key(plant))) {
                all.put(key(plant), jvm.suite(plant.module(), "", testName(plant)));
            }
        }
        for (Map.Entry<List<String>, Set<String>> each : tests.entrySet()) {
            String module = each.getKey().get(0);
            String option = each.getKey().get(1);
            Map<String, PlantJvm.Outcome> outcomes = jvm.run(module, option, "", List.copyOf(each.getValue()));
            outcomes.forEach((test, outcome) -> all.put(String.join(" ", module, option, test), outcome));
        }
        return all;
    }

    private String key(Plant plant) throws IOException {
        return String.join(" ", plant.module(), plant.jvm(), testName(plant));
    }

    private String testName(Plant plant) throws IOException {
        return plant.testType(copy.top()) + (plant.testMethod().isEmpty() ? "" : "#" + plant.testMethod());
    }
}
