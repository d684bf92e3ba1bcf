//! The route of data: what is simulated, written, read back and analysed is what is simulated and analysed.

use linger::analysis::analyse;
use linger::cohort::generate;
use linger::dataset::{self, Names};
use linger::scenario;

#[test]
fn every_built_in_scenario_gives_the_same_estimates_directly_and_through_files() {
    let folder = tempfile::tempdir().unwrap();
    for built_in in scenario::built_in_list() {
        let scenario = scenario::read(built_in.source(), &[]).unwrap().scenario;
        let simulated = generate(&scenario, 3);
        let direct = analyse(&scenario.plan, &simulated);
        let mapping = toml::to_string(&dataset::columns_of(&simulated)).unwrap();
        let columns = scenario::read_columns(scenario::Source::new("columns.toml", mapping), &[]).unwrap();
        for names in Names::ALL {
            for ending in ["csv", "parquet"] {
                let path = folder.path().join(format!("{}-{}.{ending}", built_in.name, names.name()));
                dataset::write(&path, &simulated, names).unwrap();
                let read = dataset::read(&path, Some(&columns)).unwrap().data;
                assert_eq!(read.outcomes, simulated.outcomes, "{}", path.display());
                assert_eq!(read.arm, simulated.arm, "{}", path.display());
                assert_eq!(analyse(&scenario.plan, &read), direct, "{}", path.display());
            }
        }
    }
}
