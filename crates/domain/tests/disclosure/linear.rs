//! What an attacker can work out by linear programming: unknown numbers, and what is known about their sums.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

/// Unknown numbers, none of them negative, and the bounds of some of their sums.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The count of unknown numbers.
    pub unknown: usize,
    /// The upper bound of each number.
    pub most: Option<f64>,
    /// For each known sum: the numbers that it adds up, its least value and its greatest.
    pub sums: Vec<(Vec<usize>, f64, f64)>,
}

impl Knowledge {
    fn variables(&self) -> (ProblemVariables, Vec<Variable>) {
        let mut problem = ProblemVariables::new();
        let unknown = (0..self.unknown)
            .map(|_| problem.add(self.most.map_or(variable().min(0), |most| variable().min(0).max(most))))
            .collect();
        (problem, unknown)
    }

    /// The least and the greatest value of a sum.
    pub fn range(&self, of: &[usize]) -> (f64, f64) {
        let end = |most: bool| {
            let (problem, unknown) = self.variables();
            let sum = |of: &[usize]| of.iter().map(|at| unknown[*at]).sum::<Expression>();
            let objective = sum(of);
            let problem = if most { problem.maximise(objective.clone()) } else { problem.minimise(objective.clone()) };
            let mut model = problem.using(microlp);
            for (of, low, high) in &self.sums {
                model.add_constraint(constraint!(sum(of) >= *low));
                model.add_constraint(constraint!(sum(of) <= *high));
            }
            match model.solve() {
                Ok(solution) => solution.eval(&objective),
                Err(good_lp::ResolutionError::Unbounded) => f64::INFINITY,
                Err(error) => panic!("what is true is possible: {error}"),
            }
        };
        (end(false), end(true))
    }

    /// The count of whole numbers that a sum can be.
    pub fn values(&self, of: &[usize]) -> f64 {
        let (low, high) = self.range(of);
        (high + 1e-6).floor() - (low - 1e-6).ceil() + 1.0
    }

    /// The numbers whose sums are closest to the middle of their bounds.
    pub fn likeliest(&self) -> Vec<f64> {
        let (mut problem, unknown) = self.variables();
        let off: Vec<Variable> = self.sums.iter().map(|_| problem.add(variable().min(0))).collect();
        let mut model = problem.minimise(off.iter().sum::<Expression>()).using(microlp);
        for ((of, low, high), off) in self.sums.iter().zip(&off) {
            let sum: Expression = of.iter().map(|at| unknown[*at]).sum();
            let middle = (low + high) / 2.0;
            model.add_constraint(constraint!(sum.clone() - *off <= middle));
            model.add_constraint(constraint!(sum + *off >= middle));
        }
        let solution = model.solve().expect("some numbers are the least off");
        unknown.into_iter().map(|unknown| solution.value(unknown)).collect()
    }
}
