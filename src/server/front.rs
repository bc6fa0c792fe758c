//! The strict front: what a request must look like before hyper sees it.
