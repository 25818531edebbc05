"""What may be shown: groups under the minimum are not, nor what gives them away."""
