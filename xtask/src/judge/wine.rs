//! Windows programs: the reference is Wine.

use super::Judge;
use super::scenario::Scenario;

/// Judges a scenario of Windows hosts.
pub(super) fn judge(judge: &mut Judge, scenario: &Scenario) -> Result<(), String> {
    println!("– {}: a Windows scenario", scenario.name);
    judge.tally.skipped.push(scenario.name.clone());
    Ok(())
}
